//! A certificate: received or awaited, claimed by declarations, used at release, replaced or withdrawn by its issuer.
//!
//! Every change judges all claims anew. What changed in a claim's judgement is told to the claimer, so that a
//! withdrawal reaches the consignments that rested on it, whether their goods are still here or gone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::claim::{Claim, Judged, Known, Standing, Validity, Worth, judge};
use super::outgoing::CertificateUse;
use super::paper::{About, Claimed, Paper};
use crate::agreement::Writing as _;
use crate::gate::{Believed, ConsignmentAct};
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER, TRUSTED};

/// One certificate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Issuer, kind and number, from the case.
    about: Option<About>,
    paper: Option<Paper>,
    validity: Validity,
    claims: BTreeMap<String, Claimed>,
    /// A verification that is under way or was answered.
    #[serde(default)]
    verification: Option<CaseId>,
    #[serde(default)]
    refuted: Option<String>,
    #[serde(default)]
    seen_on_paper: Option<String>,
}

/// Where a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Quoted, not received.
    Awaited,
    /// Received, unused.
    Issued,
    /// Declarations draw on it.
    Claimed,
    /// Goods were let go on it.
    Used,
    /// Its issuer put another in its place.
    Replaced,
    /// Its issuer took it back.
    Withdrawn,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It arrived, or arrived corrected.
    Issue {
        /// Which one.
        about: About,
        /// The certificate.
        paper: Box<Paper>,
    },
    /// Its issuer put another in its place.
    Replace {
        /// The other one's number.
        by: String,
        /// Since when, by the issuer.
        at: Timestamp,
    },
    /// Its issuer took it back.
    Withdraw {
        /// Which one; needed where it was never received.
        about: About,
        /// Why.
        reason: String,
        /// Since when, by the issuer.
        at: Timestamp,
    },
    /// A declaration quotes it; these are all the claims of that declaration.
    Claim {
        /// Which one.
        about: About,
        /// Who claims.
        by: CaseId,
        /// The lines; none where it is no longer quoted.
        claims: Vec<Claim>,
    },
    /// The goods were let go.
    Use {
        /// Whose.
        by: CaseId,
    },
    /// The declaration is gone.
    Free {
        /// Whose.
        by: CaseId,
    },
    /// The paper original was seen while the electronic one could not come.
    SeePaper {
        /// What was seen.
        note: String,
    },
    /// A verification was opened.
    NoteVerification {
        /// Its case.
        verification: CaseId,
    },
    /// It is not believed any more.
    Refute {
        /// Why: what a verification said, or that none was answered.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Issue { .. } => "issue",
            Self::Replace { .. } => "replace",
            Self::Withdraw { .. } => "withdraw",
            Self::Claim { .. } => "claim",
            Self::Use { .. } => "use",
            Self::Free { .. } => "free",
            Self::SeePaper { .. } => "see-paper",
            Self::NoteVerification { .. } => "note-verification",
            Self::Refute { .. } => "refute",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Received.
    Issued {
        /// Which one.
        about: About,
        /// The certificate.
        paper: Box<Paper>,
    },
    /// Replaced.
    Replaced {
        /// By which.
        by: String,
        /// Since when.
        at: Timestamp,
    },
    /// Taken back.
    Withdrawn {
        /// Which one.
        about: About,
        /// Why.
        reason: String,
        /// Since when.
        at: Timestamp,
    },
    /// Claimed, or claimed otherwise.
    Claimed {
        /// Which one.
        about: About,
        /// Who claims.
        by: CaseId,
        /// All its claims.
        claims: Vec<Claim>,
    },
    /// Goods were let go on it.
    Used {
        /// Whose.
        by: CaseId,
    },
    /// No longer claimed.
    Freed {
        /// By whom.
        by: CaseId,
    },
    /// The original was seen.
    PaperSeen {
        /// What was seen.
        note: String,
    },
    /// A verification runs.
    VerificationNoted {
        /// Its case.
        verification: CaseId,
    },
    /// Not believed any more.
    Refuted {
        /// Why.
        reason: String,
    },
    /// A claim is judged, or judged otherwise than before.
    Judged {
        /// The claim.
        key: String,
        /// The judgement.
        judged: Box<Judged>,
    },
}

const ISSUER: &str = "the issuer's certificate under the lane's term";
const CLAIM: &str = "the importer's declaration";
const USE: &str = "release of the goods on the certificate";

/// The same at every stage: an issuer may correct, replace or take back whatever became of the goods, and a declaration
/// may be changed until it is gone.
macro_rules! table {
    ($($stage:ident)*) => {
        &[
            Offer::opening("issue", Role::NODE, ISSUER),
            Offer::opening("withdraw", Role::NODE, ISSUER),
            Offer::opening("claim", Role::NODE, CLAIM),
            Offer::at(Stage::Awaited, "see-paper", GATE, "the fallback the parties agreed for a failure of the exchange"),
            $(
                Offer::at(Stage::$stage, "issue", Role::NODE, ISSUER),
                Offer::at(Stage::$stage, "replace", Role::NODE, ISSUER),
                Offer::at(Stage::$stage, "withdraw", Role::NODE, ISSUER),
                Offer::at(Stage::$stage, "claim", Role::NODE, CLAIM),
                Offer::at(Stage::$stage, "use", Role::NODE, USE),
                Offer::at(Stage::$stage, "free", Role::NODE, CLAIM),
                Offer::at(Stage::$stage, "note-verification", Role::NODE, VERIFY),
                Offer::at(Stage::$stage, "refute", Role::NODE, VERIFY),
            )*
        ]
    };
}

const VERIFY: &str = "the scheme's verification procedure";

impl Procedure for Certificate {
    const NAME: &'static str = "certificate";
    const TABLE: &'static [Offer<Stage>] = table!(Awaited Issued Claimed Used Replaced Withdrawn);
    const FORMS: &'static [Form] = &[Form::of("see-paper", &[Field::needed("note", Sort::Text(300))])];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, TRUSTED, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.about.as_ref()?;
        let used = self.claims.values().any(|claimed| claimed.standing == Standing::Used);
        Some(match &self.validity {
            Validity::Withdrawn { .. } => Stage::Withdrawn,
            Validity::Replaced { .. } => Stage::Replaced,
            Validity::Awaited => Stage::Awaited,
            Validity::Issued if used => Stage::Used,
            Validity::Issued if self.claims.is_empty() => Stage::Issued,
            Validity::Issued => Stage::Claimed,
        })
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Some(event) = self.happens(act)? else { return Ok(Vec::new()) };
        let mut after = self.clone();
        after.apply(&event);
        let mut events = vec![event];
        events.extend(after.judged_anew());
        Ok(events)
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Issued { about, paper } => {
                self.about = Some(about.clone());
                self.paper = Some((**paper).clone());
                if self.validity == Validity::Awaited {
                    self.validity = Validity::Issued;
                }
            }
            Event::Replaced { by, at } => self.validity = Validity::Replaced { by: by.clone(), at: *at },
            Event::Withdrawn { about, reason, at } => {
                self.about.get_or_insert_with(|| about.clone());
                self.validity = Validity::Withdrawn { reason: reason.clone(), at: *at };
            }
            Event::Claimed { about, by, claims } => {
                self.about.get_or_insert_with(|| about.clone());
                self.take_claims(by, claims);
            }
            Event::Used { by } => {
                for claimed in self.claims.values_mut().filter(|claimed| claimed.claim.by == *by) {
                    claimed.standing = Standing::Used;
                }
            }
            Event::Freed { by } => self.claims.retain(|_, claimed| claimed.claim.by != *by),
            Event::PaperSeen { note } => self.seen_on_paper = Some(note.clone()),
            Event::VerificationNoted { verification } => self.verification = Some(verification.clone()),
            Event::Refuted { reason } => self.refuted = Some(reason.clone()),
            Event::Judged { key, judged } => {
                if let Some(claimed) = self.claims.get_mut(key) {
                    claimed.judged = (**judged).clone();
                }
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Judged { key, .. } => self.told(key, facts).into_iter().collect(),
            // Where the certificate is here, a judgement follows and is told.
            Event::Claimed { claims, .. } if self.paper.is_none() => {
                claims.iter().filter_map(|claim| self.told(&claim.key(), facts)).collect()
            }
            Event::Used { by } => self.use_told(by, facts),
            Event::Issued { .. }
            | Event::Claimed { .. }
            | Event::Replaced { .. }
            | Event::Withdrawn { .. }
            | Event::Freed { .. }
            | Event::PaperSeen { .. }
            | Event::VerificationNoted { .. }
            | Event::Refuted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(about), Some(stage)) = (&self.about, self.stage()) else { return Summary::default() };
        let fails = self.claims.values().filter(|claimed| claimed.judged.worth == Worth::Fails).count();
        let mut references = vec![Reference::new("certificate", about.number.clone())];
        references
            .extend(self.claims.values().map(|one| Reference::new("consignment", one.claim.by.as_str())));
        references.extend(self.item().map(|item| Reference::new("item", item.as_str())));
        Summary {
            stage: stage.word().into(),
            title: about.number.clone(),
            partner: about.issuer.clone(),
            severity: (fails > 0).then_some(Severity::Error),
            closed: matches!(stage, Stage::Replaced | Stage::Withdrawn) && fails == 0,
            references,
            shown: json!({
                "kind": about.kind, "claims": self.claims.len(), "fails": fails,
                "importer": self.paper.as_ref().map(|paper| &paper.claimable.importer),
                "lines": self.paper.as_ref().map(|paper| paper.claimable.lines.len()),
                "layout": self.paper.as_ref().map(|paper| &paper.layout),
                "item": self.item(), "verification": self.verification, "paper": self.seen_on_paper, "refuted": self.refuted,
            }),
            ..Summary::default()
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Issued => "issued",
            Self::Claimed => "claimed",
            Self::Used => "used",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Certificate {
    /// Which certificate it is.
    #[must_use]
    pub const fn about(&self) -> Option<&About> {
        self.about.as_ref()
    }

    /// The certificate as received.
    #[must_use]
    pub const fn paper(&self) -> Option<&Paper> {
        self.paper.as_ref()
    }

    /// How it stands with its issuer.
    #[must_use]
    pub const fn validity(&self) -> &Validity {
        &self.validity
    }

    /// All claims, by claimer and line.
    #[must_use]
    pub const fn claims(&self) -> &BTreeMap<String, Claimed> {
        &self.claims
    }

    fn item(&self) -> Option<&CaseId> {
        self.paper.as_ref()?.item.as_ref()
    }

    /// What an act makes happen before anything is judged; `None` where it changes nothing.
    fn happens(&self, act: &Act) -> Result<Option<Event>, Refusal> {
        let claims_of = |by: &CaseId| self.claims.values().any(|claimed| claimed.claim.by == *by);
        Ok(match act {
            Act::Issue { paper, .. } if self.paper.as_ref() == Some(&**paper) => None,
            Act::Issue { about, paper } => Some(Event::Issued { about: about.clone(), paper: paper.clone() }),
            Act::Replace { by, at } => Some(Event::Replaced { by: by.clone(), at: *at }),
            Act::Withdraw { .. } if matches!(self.validity, Validity::Withdrawn { .. }) => None,
            Act::Withdraw { about, reason, at } => {
                Some(Event::Withdrawn { about: about.clone(), reason: reason.clone(), at: *at })
            }
            Act::Claim { by, claims, .. } if claims.is_empty() && !claims_of(by) => None,
            Act::Claim { by, claims, .. } if self.same_claims(by, claims) => None,
            Act::Claim { about, by, claims } => {
                Some(Event::Claimed { about: about.clone(), by: by.clone(), claims: claims.clone() })
            }
            Act::Use { by } | Act::Free { by } if !claims_of(by) => None,
            Act::Use { by } => Some(Event::Used { by: by.clone() }),
            Act::Free { by } => Some(Event::Freed { by: by.clone() }),
            Act::SeePaper { note } if note.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "see-paper").remedy("note"));
            }
            Act::SeePaper { note } => Some(Event::PaperSeen { note: note.trim().to_owned() }),
            Act::NoteVerification { verification } => {
                Some(Event::VerificationNoted { verification: verification.clone() })
            }
            Act::Refute { reason } if self.refuted.as_ref() == Some(reason) => None,
            Act::Refute { reason } => Some(Event::Refuted { reason: reason.clone() }),
        })
    }

    fn same_claims(&self, by: &CaseId, claims: &[Claim]) -> bool {
        let held: Vec<&Claim> =
            self.claims.values().map(|claimed| &claimed.claim).filter(|claim| claim.by == *by).collect();
        // The moment is the first declaration's; a repetition later is the same claim.
        held.len() == claims.len()
            && claims
                .iter()
                .all(|claim| held.iter().any(|known| Claim { at: known.at, ..claim.clone() } == **known))
    }

    fn take_claims(&mut self, by: &CaseId, claims: &[Claim]) {
        let kept: BTreeMap<String, Claimed> = claims
            .iter()
            .map(|claim| {
                let known = self.claims.get(&claim.key());
                let claimed = Claimed {
                    claim: Claim { at: known.map_or(claim.at, |known| known.claim.at), ..claim.clone() },
                    standing: known.map(|known| known.standing).unwrap_or_default(),
                    judged: known.map(|known| known.judged.clone()).unwrap_or_default(),
                };
                (claim.key(), claimed)
            })
            .collect();
        self.claims.retain(|_, claimed| claimed.claim.by != *by);
        self.claims.extend(kept);
    }

    /// The claims whose judgement is another one now.
    fn judged_anew(&self) -> Vec<Event> {
        let claims: Vec<_> = self.claims.values().map(|claimed| (&claimed.claim, claimed.standing)).collect();
        let claimable = self.paper.as_ref().map(|paper| &paper.claimable);
        let faults = self.paper.as_ref().map_or(&[][..], |paper| &paper.faults);
        let known = Known { validity: &self.validity, faults, refuted: self.refuted.as_deref() };
        let judged = judge(claimable, known, &claims);
        let pairs = self.claims.iter().zip(judged);
        pairs
            .filter(|((_, claimed), judged)| claimed.judged != *judged)
            .map(|((key, _), judged)| Event::Judged { key: key.clone(), judged: Box::new(judged) })
            .collect()
    }

    /// The claimer hears what its claim is worth.
    fn told(&self, key: &str, facts: &Facts<'_>) -> Option<Effect> {
        let (about, claimed) = (self.about.as_ref()?, self.claims.get(key)?);
        let believed = Believed {
            subject: facts.case.clone(),
            item: self.item().cloned(),
            kind: about.kind.clone(),
            quoted: about.number.clone(),
            item_no: claimed.claim.item_no,
            scheme: claimed.claim.scheme.clone(),
            worth: claimed.judged.worth,
            drawn: claimed.judged.drawn.clone(),
            left: claimed.judged.left.clone(),
            differences: claimed.judged.differences.clone(),
        };
        let by = &claimed.claim.by;
        Some(match by.desk() {
            "consignment" => {
                Effect::act(by.clone(), &ConsignmentAct::Believe { believed: Box::new(believed) })
            }
            _ => Effect::act(
                by.clone(),
                &super::IssuanceAct::NoteSupport { judged: Box::new(claimed.judged.clone()) },
            ),
        })
    }

    /// The issuer hears what was used, line by line.
    fn use_told(&self, by: &CaseId, facts: &Facts<'_>) -> Vec<Effect> {
        let (Some(about), Some(paper)) = (&self.about, &self.paper) else { return Vec::new() };
        if paper.from.as_str().is_empty() || by.desk() != "consignment" {
            return Vec::new();
        }
        let own = self.claims.values().filter(|claimed| claimed.claim.by == *by);
        let told = CertificateUse::of(about, by, own, facts);
        vec![Effect::send(paper.from.clone(), CertificateUse::KIND, &told, facts.case.clone())]
    }
}
