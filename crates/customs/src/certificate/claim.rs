//! Claims on a certificate: which of its lines a declaration's line is about, and how much of it is left.
//!
//! The judgement is one function over the certificate as it stands and all claims in their order, so that a
//! withdrawal, a replacement or a late arrival judges everything anew and nothing is judged in two ways.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{CaseId, Quantity, Severity};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::units::{Dimension, in_base};
use crate::gate::Difference;
use crate::terms::{Country, GoodsLine, HsCode};

/// What a certificate offers to declarations, whatever kind it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Claimable {
    /// Its number.
    pub number: String,
    /// The country that issued it.
    pub issuer: Country,
    /// Who is to receive the goods.
    pub importer: String,
    /// Where they are to go.
    pub destination: Country,
    /// Since when.
    pub issued: Option<Timestamp>,
    /// Until when; open where it does not say.
    pub valid_until: Option<Timestamp>,
    /// Its lines.
    pub lines: Vec<ClaimableLine>,
}

/// One certified line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimableLine {
    /// Its number, as it stood.
    pub number: String,
    /// Commodity codes; several, or none.
    pub codes: Vec<HsCode>,
    /// What is certified, net before gross; the same goods in several measures.
    pub quantities: Vec<Quantity>,
    /// Names and descriptions.
    pub words: Vec<String>,
    /// Countries of origin.
    pub origins: Vec<Country>,
    /// Value, where the criterion needs one.
    pub value: Option<kernel::Money>,
    /// Origin criterion; empty for other certificates.
    pub criterion: String,
}

/// One line of a declaration that quotes the certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Our consignment, or another certificate that rests on this one.
    pub by: CaseId,
    /// The declaration's item number.
    pub item_no: u32,
    /// Commodity code declared.
    #[serde(default)]
    pub hs: Option<HsCode>,
    /// Description declared.
    #[serde(default)]
    pub description: String,
    /// Quantity declared, in the tariff's unit.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Gross mass declared.
    #[serde(default)]
    pub gross: Option<Quantity>,
    /// Origin declared.
    #[serde(default)]
    pub origin: Option<Country>,
    /// The preference scheme asked for; empty where none is.
    #[serde(default)]
    pub scheme: String,
    /// The importer declared.
    #[serde(default)]
    pub importer: String,
    /// When it was declared.
    pub at: Timestamp,
}

impl Claim {
    /// The claim of a declaration's line.
    #[must_use]
    pub fn of(by: CaseId, line: &GoodsLine, importer: &str, at: Timestamp) -> Self {
        Self {
            by,
            item_no: line.item_no,
            hs: line.hs.clone(),
            description: line.description.clone(),
            quantity: line.quantity.clone(),
            gross: line.gross.clone(),
            origin: line.origin.clone(),
            scheme: line.scheme.clone().unwrap_or_default(),
            importer: importer.to_owned(),
            at,
        }
    }

    /// What it is kept under: the claimer and its line.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}#{}", self.by, self.item_no)
    }
}

/// How a certificate stands with its issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Validity {
    /// Quoted by somebody, not received.
    #[default]
    Awaited,
    /// Received and standing.
    Issued,
    /// Its issuer put another one in its place.
    Replaced {
        /// The other one's number.
        by: String,
        /// Since when, by the issuer.
        at: Timestamp,
    },
    /// Its issuer took it back.
    Withdrawn {
        /// Why.
        reason: String,
        /// Since when, by the issuer.
        at: Timestamp,
    },
}

/// What a claim is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worth {
    /// The certificate bears it out.
    Holds,
    /// The certificate is not here yet.
    #[default]
    Awaited,
    /// Something about it must be looked at.
    Doubtful,
    /// The certificate does not bear it out.
    Fails,
}

/// The judgement of one claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Judged {
    /// What it is worth.
    pub worth: Worth,
    /// The certificate's line it is about.
    pub line: Option<String>,
    /// How many digits of the commodity code agree.
    pub digits: u8,
    /// What it draws, in the base unit of what both sides measure.
    pub drawn: Option<Quantity>,
    /// What was left of the line before it.
    pub left: Option<Quantity>,
    /// What is wrong.
    pub differences: Vec<Difference>,
}

/// What is known of a certificate besides what it says.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// How it stands with its issuer.
    pub validity: &'a Validity,
    /// What was wrong with it when it came.
    pub faults: &'a [String],
    /// Why it is not believed any more: a verification said so, or was never answered.
    pub refuted: Option<&'a str>,
}

/// Judges all claims on a certificate in the order they were made.
#[must_use]
pub fn judge(claimable: Option<&Claimable>, known: Known<'_>, claims: &[(&Claim, Standing)]) -> Vec<Judged> {
    let Some(claimable) = claimable else {
        return claims.iter().map(|_| Judged::default()).collect();
    };
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|at| (claims[*at].0.at, claims[*at].0.key()));
    let mut judged = vec![Judged::default(); claims.len()];
    let mut drawn = BTreeMap::new();
    for at in order {
        let (claim, standing) = claims[at];
        judged[at] = Judge { claimable, known, drawn: &mut drawn }.one(claim, standing);
    }
    judged
}

/// How far a claim has come at the border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Declared.
    #[default]
    Declared,
    /// The goods were let go on it.
    Used,
}

struct Judge<'a> {
    claimable: &'a Claimable,
    known: Known<'a>,
    drawn: &'a mut BTreeMap<(usize, Dimension), Decimal>,
}

impl Judge<'_> {
    fn one(&mut self, claim: &Claim, standing: Standing) -> Judged {
        let mut judged = Judged { worth: Worth::Holds, ..Judged::default() };
        self.standing(claim, standing, &mut judged);
        match best(self.claimable, claim) {
            None => judged.fault(claim, "certificate-line-unmatched", Severity::Error, |one| {
                one.theirs = codes(self.claimable);
                one.ours = claim.hs.as_ref().map_or_else(|| claim.description.clone(), ToString::to_string);
            }),
            Some((index, digits)) => {
                let line = &self.claimable.lines[index];
                judged.line = Some(line.number.clone());
                judged.digits = digits;
                origin(line, claim, &mut judged);
                self.draw(index, claim, &mut judged);
            }
        }
        importer(self.claimable, claim, &mut judged);
        judged.worth = judged.differences.iter().map(weight).max().unwrap_or(Worth::Holds);
        judged
    }

    /// What its issuer says of the certificate, at the time of the claim and since.
    fn standing(&self, claim: &Claim, standing: Standing, judged: &mut Judged) {
        if let Some(reason) = self.known.refuted {
            judged.fault(claim, "certificate-refuted", Severity::Error, |one| {
                reason.clone_into(&mut one.theirs);
            });
        }
        if let Some(fault) = self.known.faults.first() {
            judged.fault(claim, "certificate-faulty", Severity::Warning, |one| one.theirs.clone_from(fault));
        }
        match self.known.validity {
            Validity::Awaited | Validity::Issued => {}
            Validity::Replaced { by, at } => {
                let code =
                    if *at > claim.at { "certificate-replaced-after-use" } else { "certificate-replaced" };
                let severity = if *at > claim.at { Severity::Warning } else { Severity::Error };
                judged.fault(claim, code, severity, |one| {
                    one.theirs.clone_from(by);
                    one.ours = at.to_string();
                });
            }
            Validity::Withdrawn { reason, at } => {
                let used = standing == Standing::Used || *at > claim.at;
                let code = if used { "certificate-withdrawn-after-use" } else { "certificate-withdrawn" };
                judged.fault(claim, code, Severity::Error, |one| {
                    one.theirs.clone_from(reason);
                    one.ours = at.to_string();
                });
            }
        }
        if self.claimable.valid_until.is_some_and(|until| claim.at > until) {
            judged.fault(claim, "certificate-expired", Severity::Error, |one| {
                one.theirs = self.claimable.valid_until.map(|at| at.to_string()).unwrap_or_default();
                one.ours = claim.at.to_string();
            });
        }
        if self.claimable.issued.is_some_and(|issued| issued > claim.at) {
            judged.fault(claim, "certificate-issued-later", Severity::Note, |one| {
                one.theirs = self.claimable.issued.map(|at| at.to_string()).unwrap_or_default();
                one.ours = claim.at.to_string();
            });
        }
    }

    /// Draws the declared quantity from the line; says so where less is left, or nothing.
    fn draw(&mut self, index: usize, claim: &Claim, judged: &mut Judged) {
        let line = &self.claimable.lines[index];
        let Some((dimension, certified, wanted)) = common(line, claim) else {
            if !line.quantities.is_empty() && (claim.quantity.is_some() || claim.gross.is_some()) {
                judged.fault(claim, "certificate-units-differ", Severity::Warning, |one| {
                    one.theirs = said(&line.quantities);
                    one.ours = claim.quantity.as_ref().map(ToString::to_string).unwrap_or_default();
                });
            }
            return;
        };
        let taken = self.drawn.entry((index, dimension)).or_default();
        let left = (certified - *taken).max(Decimal::ZERO);
        let quantity = |amount: Decimal| Quantity::new(amount.normalize(), dimension.base());
        judged.left = Some(quantity(left));
        judged.drawn = Some(quantity(wanted));
        *taken += wanted;
        if wanted > left {
            let code = if left.is_zero() { "certificate-double-use" } else { "certificate-overdrawn" };
            judged.fault(claim, code, Severity::Error, |one| {
                one.theirs = quantity(left).to_string();
                one.ours = quantity(wanted).to_string();
                one.excess = Some(quantity(wanted - left));
            });
        }
    }
}

impl Judged {
    fn fault(&mut self, claim: &Claim, code: &str, severity: Severity, fill: impl FnOnce(&mut Difference)) {
        let mut difference = Difference {
            code: code.to_owned(),
            item_no: claim.item_no,
            theirs: String::new(),
            ours: String::new(),
            severity,
            excess: None,
            at_stake: None,
            stake: None,
            explanations: Vec::new(),
        };
        fill(&mut difference);
        self.differences.push(difference);
    }
}

fn weight(difference: &Difference) -> Worth {
    match difference.severity {
        Severity::Note => Worth::Holds,
        Severity::Warning => Worth::Doubtful,
        Severity::Error | Severity::Fatal => Worth::Fails,
    }
}

/// The line the claim is about, with the digits that agree; `None` where none can be.
fn best(claimable: &Claimable, claim: &Claim) -> Option<(usize, u8)> {
    let scored = claimable.lines.iter().enumerate().filter_map(|(index, line)| {
        let digits = digits(line, claim);
        let words = words(line, &claim.description);
        let same_origin = claim.origin.as_ref().is_some_and(|origin| line.origins.contains(origin));
        // Six digits are the common language; fewer agree only where the words do, and a line without codes only
        // by its words.
        let fits = match digits {
            Some(digits) => digits >= 6 || (digits >= 4 && words > 0),
            None => words > 0 || claimable.lines.len() == 1,
        };
        fits.then(|| (digits.unwrap_or(0), words, same_origin, index))
    });
    scored
        .max_by_key(|(digits, words, origin, index)| (*digits, *words, *origin, std::cmp::Reverse(*index)))
        .map(|(digits, .., index)| (index, digits))
}

/// How many digits agree; `None` where one side names no code.
fn digits(line: &ClaimableLine, claim: &Claim) -> Option<u8> {
    let declared = claim.hs.as_ref()?;
    let agree = |code: &HsCode| {
        let pairs = code.as_str().bytes().zip(declared.as_str().bytes());
        pairs.take_while(|(one, other)| one == other).count()
    };
    let most = line.codes.iter().map(agree).max()?;
    u8::try_from(most).ok()
}

/// How many words of the declared description the line has.
fn words(line: &ClaimableLine, description: &str) -> usize {
    let split = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| word.chars().count() > 3).map(str::to_lowercase).collect::<Vec<_>>()
    };
    let theirs: Vec<String> = line.words.iter().flat_map(|text| split(text)).collect();
    split(description).iter().filter(|word| theirs.contains(word)).count()
}

/// The measure both sides have: what is certified and what is wanted, in its base unit.
fn common(line: &ClaimableLine, claim: &Claim) -> Option<(Dimension, Decimal, Decimal)> {
    let certified: Vec<_> = line.quantities.iter().filter_map(in_base).collect();
    let net = claim.quantity.as_ref().and_then(in_base);
    if let Some((dimension, wanted)) = net
        && let Some((_, amount)) = certified.iter().find(|(other, _)| *other == dimension)
    {
        return Some((dimension, *amount, wanted));
    }
    // Gross is held against the most that is certified of that measure: gross where the line has one.
    let (dimension, wanted) = claim.gross.as_ref().and_then(in_base)?;
    let most = certified.iter().filter(|(other, _)| *other == dimension).map(|(_, amount)| *amount).max()?;
    Some((dimension, most, wanted))
}

fn origin(line: &ClaimableLine, claim: &Claim, judged: &mut Judged) {
    let Some(declared) = &claim.origin else { return };
    if !line.origins.is_empty() && !line.origins.contains(declared) {
        judged.fault(claim, "certificate-origin-differs", Severity::Error, |one| {
            one.theirs = line.origins.iter().map(Country::as_str).collect::<Vec<_>>().join(" ");
            one.ours = declared.to_string();
        });
    }
}

/// Another importer than the certificate names is worth a look, no more: goods are sold on the way.
fn importer(claimable: &Claimable, claim: &Claim, judged: &mut Judged) {
    let agrees = crate::operator::name_agreement(&claimable.importer, &claim.importer);
    if !claimable.importer.is_empty() && !claim.importer.is_empty() && agrees < IMPORTER_SAME {
        judged.fault(claim, "certificate-importer-differs", Severity::Warning, |one| {
            one.theirs.clone_from(&claimable.importer);
            one.ours.clone_from(&claim.importer);
        });
    }
}

/// Names that agree this far, in thousandths, are taken for the same firm.
const IMPORTER_SAME: u16 = 600;

fn codes(claimable: &Claimable) -> String {
    let codes = claimable.lines.iter().flat_map(|line| &line.codes).map(HsCode::as_str);
    codes.collect::<Vec<_>>().join(" ")
}

fn said(quantities: &[Quantity]) -> String {
    quantities.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
