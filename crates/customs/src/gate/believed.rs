//! What is believed of a declaration's claims: certificates it quotes, trusted traders it names, preferences it asks for.

use kernel::{CaseId, Effect, Facts, Quantity};
use serde::{Deserialize, Serialize};

use super::Difference;
use crate::certificate::{About, CertificateAct, Claim, EPHYTO, Worth};
use crate::declaration::Declaration;
use crate::operator::{
    Benefit, BenefitAct, Benefits, Identity, IdentityAct, NearMiss, NearMissAct, Recognition, SCHEME,
};
use crate::terms::{GoodsLine, QuotedCertificate};

/// What a claim of the declaration is worth, as the claimed thing's own case judges it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Believed {
    /// The case that judged it: a certificate, or the benefits of an operator's day.
    pub subject: CaseId,
    /// The received item it stands on; none where nothing was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<CaseId>,
    /// What was claimed: `ephyto`, `form-d`, `aeo`, …
    pub kind: String,
    /// The number or code quoted.
    pub quoted: String,
    /// The declaration's line; 0 for the whole of it.
    pub item_no: u32,
    /// The preference scheme asked for on the line; empty where none is.
    pub scheme: String,
    /// What it is worth.
    pub worth: Worth,
    /// What it draws of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Quantity>,
    /// What was left of it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Quantity>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

impl Believed {
    /// What it is kept under: the subject and the line.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}#{}", self.subject, self.item_no)
    }

    /// The case its findings are filed under.
    #[must_use]
    pub fn stands_on(&self) -> &CaseId {
        self.item.as_ref().unwrap_or(&self.subject)
    }
}

/// Whether a preference was given at release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// The declaration's line.
    pub item_no: u32,
    /// The scheme asked for.
    pub scheme: String,
    /// Given or not.
    pub given: Given,
    /// The certificate it rests on.
    pub proof: Option<CaseId>,
    /// Why it was not given: `no-proof`, `proof-awaited`, `proof-fails`; `proof-holds` where it was.
    pub reason: String,
}

/// Given or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// The preferential rate.
    Yes,
    /// The general rate.
    No,
}

/// The certificates a declaration quotes, each with the lines that quote it.
pub(super) fn quoted(declaration: &Declaration) -> Vec<(About, Vec<&GoodsLine>)> {
    let mut found: Vec<(About, Vec<&GoodsLine>)> = Vec::new();
    for line in &declaration.lines {
        for certificate in &line.certificates {
            let about = about(certificate, declaration);
            match found.iter_mut().find(|(known, _)| *known == about) {
                Some((_, lines)) => lines.push(line),
                None => found.push((about, vec![line])),
            }
        }
    }
    found
}

/// Which certificate a line quotes: by its issuer where the line names one, else by the country the goods left.
fn about(quoted: &QuotedCertificate, declaration: &Declaration) -> About {
    let issuer = quoted.issuer.as_ref().or(declaration.export_country.as_ref());
    let kind = if quoted.kind.is_empty() { EPHYTO } else { &quoted.kind };
    About {
        issuer: issuer.map(ToString::to_string).unwrap_or_default(),
        kind: kind.to_owned(),
        number: quoted.number.clone(),
    }
}

/// Every certificate quoted hears what is claimed of it.
pub(super) fn claims(declaration: &Declaration, facts: &Facts<'_>) -> Vec<Effect> {
    let claim = |(about, lines): (About, Vec<&GoodsLine>)| {
        let claims = lines
            .into_iter()
            .map(|line| Claim::of(facts.case.clone(), line, &declaration.importer.name, facts.now))
            .collect();
        Effect::act(about.case(), &CertificateAct::Claim { about, by: facts.case.clone(), claims })
    };
    quoted(declaration).into_iter().map(claim).collect()
}

/// The certificates that an earlier form of the declaration quoted and this one does not.
pub(super) fn unquoted(before: Option<&Declaration>, after: &Declaration) -> Vec<CaseId> {
    let now: Vec<CaseId> = quoted(after).into_iter().map(|(about, _)| about.case()).collect();
    let then = before.map(quoted).unwrap_or_default();
    then.into_iter().map(|(about, _)| about.case()).filter(|case| !now.contains(case)).collect()
}

/// Every certificate quoted hears this of the consignment.
pub(super) fn tell_all(declaration: &Declaration, act: &CertificateAct) -> Vec<Effect> {
    quoted(declaration).into_iter().map(|(about, _)| Effect::act(about.case(), act)).collect()
}

/// What follows when the recognition test came out otherwise than before.
pub(super) fn recognised(
    found: &Recognition,
    before: &Recognition,
    declaration: &Declaration,
    facts: &Facts<'_>,
) -> Vec<Effect> {
    let mut effects = unrecognised(before, found, facts);
    let code = found.code.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default();
    let day = found.at.map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).date());
    match (found.benefit, found.at, day) {
        (Benefit::Given, Some(at), Some(day)) => {
            let give = BenefitAct::Give { consignment: facts.case.clone(), at };
            effects.push(Effect::act(Benefits::case_of(&code, day), &give));
        }
        (Benefit::NearMiss, ..) => {
            let see = NearMissAct::See {
                recognition: Box::new(found.clone()),
                consignment: facts.case.clone(),
                importer: declaration.importer.name.clone(),
            };
            effects.push(Effect::act(NearMiss::case_of(facts.case), &see));
        }
        _ => {}
    }
    effects.extend(observed(found, declaration, facts));
    effects
}

/// A code quoted under a name is an observation of who it belongs to.
fn observed(found: &Recognition, declaration: &Declaration, facts: &Facts<'_>) -> Option<Effect> {
    let code = found.code.as_ref().filter(|_| found.benefit != Benefit::NotAsked)?;
    let others =
        declaration.exporter.identifiers.iter().filter(|one| !one.scheme.eq_ignore_ascii_case(SCHEME));
    let observe = IdentityAct::Observe {
        code: code.to_string(),
        name: found.declared.clone(),
        listed: found.listed.clone(),
        agreement: found.agreement,
        identifiers: others.cloned().collect(),
        consignment: facts.case.clone(),
    };
    Some(Effect::act(Identity::case_of(code.as_str(), &found.declared), &observe))
}

/// What an earlier judgement had given or seen and this one does not.
fn unrecognised(before: &Recognition, now: &Recognition, facts: &Facts<'_>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let same = before.code == now.code && before.benefit == now.benefit;
    if before.benefit == Benefit::Given && !same {
        effects.extend(taken(before, facts));
    }
    if before.benefit == Benefit::NearMiss && now.benefit != Benefit::NearMiss {
        effects.push(Effect::act(NearMiss::case_of(facts.case), &NearMissAct::Cure));
    }
    effects
}

/// A benefit is taken back.
pub(super) fn taken(found: &Recognition, facts: &Facts<'_>) -> Option<Effect> {
    let code = found.code.as_ref().filter(|_| found.benefit == Benefit::Given)?;
    let day = jiff::tz::TimeZone::UTC.to_datetime(found.at?).date();
    let take = BenefitAct::Take { consignment: facts.case.clone() };
    Some(Effect::act(Benefits::case_of(code.as_str(), day), &take))
}

/// Whether each preference asked for is given: only with a proof that holds.
pub(super) fn preferences<'a>(
    declaration: &Declaration,
    believed: impl Iterator<Item = &'a Believed> + Clone,
) -> Vec<Preference> {
    let lines = declaration.lines.iter().filter_map(|line| Some((line, line.scheme.as_deref()?)));
    lines
        .filter(|(_, scheme)| !scheme.is_empty() && *scheme != "MFN")
        .map(|(line, scheme)| {
            let proofs = believed
                .clone()
                .filter(|one| one.item_no == line.item_no && one.kind != EPHYTO && one.kind != "aeo");
            let best = proofs.min_by_key(|one| one.worth);
            let (given, reason) = match best.map(|one| one.worth) {
                Some(Worth::Holds) => (Given::Yes, "proof-holds"),
                Some(Worth::Doubtful) => (Given::Yes, "proof-doubtful"),
                Some(Worth::Awaited) => (Given::No, "proof-awaited"),
                Some(Worth::Fails) => (Given::No, "proof-fails"),
                None => (Given::No, "no-proof"),
            };
            Preference {
                item_no: line.item_no,
                scheme: scheme.to_owned(),
                given,
                proof: best.map(|one| one.subject.clone()),
                reason: reason.to_owned(),
            }
        })
        .collect()
}
