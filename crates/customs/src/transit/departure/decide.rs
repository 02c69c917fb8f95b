//! How acts on a movement at departure are weighed.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Facts, Refusal};

use super::act::{Answer, ControlCode, DepartureAct, Lodging};
use super::checks::{fault, of_lodging, out_of_sequence};
use super::event::{DepartureEvent, Fault};
use super::{Departure, Stage};
use crate::roles::PRINCIPAL;
use crate::transit::amount::{Asked, Worked, work_out};
use crate::transit::declaration::GuaranteeReference;
use crate::transit::policy::Policy;

type Weighed = Result<Vec<DepartureEvent>, Refusal>;

impl Departure {
    pub(super) fn weigh(&self, act: &DepartureAct, facts: &Facts<'_>) -> Weighed {
        self.same_principal(facts)?;
        self.weigh_principal(act, facts).map(|events| self.with_abroad(events, facts.now))
    }

    fn weigh_principal(&self, act: &DepartureAct, facts: &Facts<'_>) -> Weighed {
        match act {
            DepartureAct::Declare(lodging) => self.declare(lodging, facts),
            DepartureAct::Amend(lodging) => self.amend(lodging, facts),
            DepartureAct::Present { consignment, findings } => {
                if self.stage != Some(Stage::Prelodged) {
                    return Ok(self.reject("170", out_of_sequence(self.at()), facts.now));
                }
                let faults: Vec<_> =
                    findings.iter().filter(|it| it.severity >= kernel::Severity::Error).map(fault).collect();
                if !faults.is_empty() {
                    return Ok(self.reject("170", faults, facts.now));
                }
                let mut consignment_now = serde_json::Value::clone(&self.lodging.declaration.consignment);
                merge(&mut consignment_now, consignment);
                let presented = DepartureEvent::Presented { consignment: consignment_now, at: facts.now };
                Ok(vec![presented, DepartureEvent::Accepted { at: facts.now }])
            }
            DepartureAct::AskInvalidation { justification } => self.ask_invalidation(justification, facts),
            DepartureAct::AnswerRelease { release } => self.answer_release(*release, facts),
            _ => self.weigh_office(act, facts),
        }
    }

    /// Acts of the office, of other countries and of clocks.
    fn weigh_office(&self, act: &DepartureAct, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        Ok(match act {
            DepartureAct::Accept => vec![DepartureEvent::Accepted { at }],
            DepartureAct::AskAmendment { text } => {
                vec![DepartureEvent::AmendmentAsked { text: text.clone(), at }]
            }
            DepartureAct::Control { notice, kinds, documents } => vec![DepartureEvent::ControlNotified {
                notice: notice.clone(),
                kinds: kinds.clone(),
                documents: documents.clone(),
                at,
            }],
            DepartureAct::Conclude { code, text, limit: None } => self.conclude(*code, text, facts),
            DepartureAct::Conclude { code, text, limit: Some(limit) } => {
                let (set, limited) = self.limited(*limit, facts)?;
                std::iter::once(set).chain(limited.conclude(*code, text, facts)).collect()
            }
            DepartureAct::Refuse { reason } => {
                vec![DepartureEvent::NotReleased { reason: reason.clone(), at }]
            }
            DepartureAct::Invalidate { justification } => vec![DepartureEvent::Invalidated {
                justification: justification.clone(),
                asked: if self.asked_invalidation.is_some() { Answer::Yes } else { Answer::No },
                at,
            }],
            DepartureAct::KeepValid { justification } if self.asked_invalidation.is_some() => {
                vec![DepartureEvent::KeptValid { justification: justification.clone(), at }]
            }
            DepartureAct::KeepValid { .. } => return Err(Refusal::new("nothing-asked", self.mrn.clone())),
            DepartureAct::CheckGuarantees => return self.check_guarantees(at),
            DepartureAct::Solve { solved } => self.solve(*solved, at),
            DepartureAct::OpenEnquiry => vec![DepartureEvent::EnquiryOpened { at }],
            DepartureAct::Recover => vec![DepartureEvent::RecoveryBegun { at }],
            DepartureAct::Settle { .. } if self.at().is_end() => Vec::new(),
            DepartureAct::Settle { .. } => vec![DepartureEvent::WrittenOff { at }],
            DepartureAct::Expire { clock } => self.expire(clock, facts),
            DepartureAct::Link { tie } => return self.linked(tie),
            DepartureAct::Unlink { item, reason } => self.unlinked(item, reason),
            DepartureAct::NoteFinding { finding, awaits } => {
                vec![DepartureEvent::FindingNoted { finding: finding.clone(), awaits: *awaits }]
            }
            other => self.weigh_wire(other, facts),
        })
    }

    /// What other countries and guarantees say. What comes late, twice or out of order changes nothing it must not.
    fn weigh_wire(&self, act: &DepartureAct, facts: &Facts<'_>) -> Vec<DepartureEvent> {
        match act {
            DepartureAct::GuaranteeAnswered { grn, reasons, told: None } => {
                self.guarantee(grn, reasons, facts)
            }
            DepartureAct::GuaranteeAnswered { grn, reasons, told: Some(told) } => {
                self.answered_abroad(grn, reasons, told, facts)
            }
            DepartureAct::GuaranteeChecked { grn, reasons, told } => {
                self.check_told(grn, reasons, told.as_deref())
            }
            DepartureAct::Crossed { office, day } if self.released.is_some() => {
                let known = self.crossings.iter().any(|(of, _)| of == office);
                let event = DepartureEvent::Crossed { office: office.clone(), day: *day };
                (!known).then_some(event).into_iter().collect()
            }
            DepartureAct::Arrived { office, at } if self.may_arrive() => {
                vec![DepartureEvent::Arrived { office: office.clone(), at: *at }]
            }
            DepartureAct::Results { office, code, seals, text, differences } => {
                self.results(office, (*code, *seals), (text, differences), facts.now)
            }
            DepartureAct::Incident { office, at, incidents } if self.released.is_some() => {
                let event = || DepartureEvent::IncidentTold {
                    office: office.clone(),
                    at: *at,
                    incidents: incidents.clone(),
                };
                (!self.incidents.contains(incidents)).then(event).into_iter().collect()
            }
            DepartureAct::RecordAsked { record, by, office, message } => vec![DepartureEvent::RecordGiven {
                record: *record,
                to: by.clone(),
                office: office.clone(),
                message: message.clone(),
            }],
            DepartureAct::StatusAsked { by, message } => {
                vec![DepartureEvent::StatusGiven { to: by.clone(), message: message.clone() }]
            }
            _ => Vec::new(),
        }
    }

    fn at(&self) -> Stage {
        self.stage.unwrap_or(Stage::Submitted)
    }

    /// A principal acts on its own movements alone.
    fn same_principal(&self, facts: &Facts<'_>) -> Result<(), Refusal> {
        let stranger = facts.actor.role == PRINCIPAL && self.stage.is_some() && facts.actor.name != self.by;
        if stranger { Err(Refusal::new("not-yours", self.mrn.clone())) } else { Ok(()) }
    }

    fn declare(&self, lodging: &Lodging, facts: &Facts<'_>) -> Weighed {
        if self.stage.is_some() {
            let same = self.lodging.declaration == lodging.declaration;
            let refusal =
                || Refusal::new("lrn-used", lodging.declaration.operation.lrn.clone()).remedy("another LRN");
            return if same { Ok(Vec::new()) } else { Err(refusal()) };
        }
        let mut lodging = lodging.clone();
        if facts.actor.role == PRINCIPAL {
            lodging.on_paper = None;
        }
        let faults = of_lodging(&lodging, facts);
        if !faults.is_empty() {
            let lodged = Some(Box::new((facts.actor.name.clone(), lodging)));
            return Ok(vec![DepartureEvent::Rejected {
                of: "015".into(),
                faults,
                lodging: lodged,
                at: facts.now,
            }]);
        }
        let worked = worked(&lodging, facts)?;
        let at_once = lodging.declaration.has("C521") && !lodging.declaration.in_advance();
        let by = facts.actor.name.clone();
        let lodged = DepartureEvent::Lodged { lodging: Box::new(lodging), by, at: facts.now, worked };
        let accepted = at_once.then_some(DepartureEvent::Accepted { at: facts.now });
        Ok(std::iter::once(lodged).chain(accepted).collect())
    }

    fn reject(&self, of: &str, faults: Vec<Fault>, at: Timestamp) -> Vec<DepartureEvent> {
        vec![DepartureEvent::Rejected { of: of.to_owned(), faults, lodging: None, at }]
    }

    fn amend(&self, lodging: &Lodging, facts: &Facts<'_>) -> Weighed {
        let open = matches!(
            self.stage,
            Some(
                Stage::Prelodged
                    | Stage::Submitted
                    | Stage::Accepted
                    | Stage::UnderAmendment
                    | Stage::GuaranteeUnderAmendment
            )
        );
        if !open {
            return Ok(self.reject("013", out_of_sequence(self.at()), facts.now));
        }
        let faults = self.against_amending(lodging, facts);
        if !faults.is_empty() {
            return Ok(self.reject("013", faults, facts.now));
        }
        let worked = worked(lodging, facts)?;
        let mut lodging = lodging.clone();
        if lodging.values.is_empty() {
            lodging.values.clone_from(&self.lodging.values);
        }
        // What a principal need not say again stays as it was.
        lodging.declaration.operation.lrn.clone_from(&self.lodging.declaration.operation.lrn);
        lodging.on_paper = self.lodging.on_paper;
        Ok(vec![DepartureEvent::Amended { lodging: Box::new(lodging), worked, at: facts.now }])
    }

    /// Before acceptance the principal's wish is enough; before release the office decides; after it, only customs can.
    fn ask_invalidation(&self, justification: &str, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        let stage = self.at();
        if !stage.is_before_release() {
            return Ok(self.reject("014", out_of_sequence(stage), at));
        }
        let asked = DepartureEvent::InvalidationAsked { justification: justification.to_owned(), at };
        let free = matches!(stage, Stage::Prelodged | Stage::Submitted);
        let void = || DepartureEvent::Invalidated {
            justification: justification.to_owned(),
            asked: Answer::Yes,
            at,
        };
        Ok(std::iter::once(asked).chain(free.then(void)).collect())
    }

    fn answer_release(&self, release: Answer, facts: &Facts<'_>) -> Weighed {
        let at = facts.now;
        if self.stage != Some(Stage::ReleaseRequested) {
            return Ok(self.reject("054", out_of_sequence(self.at()), at));
        }
        let text = self.control.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        Ok(match release {
            Answer::Yes => self.concluded(ControlCode::A5, text, facts),
            Answer::No => vec![DepartureEvent::NotReleased { reason: text, at }],
        })
    }

    fn conclude(&self, code: ControlCode, text: &str, facts: &Facts<'_>) -> Vec<DepartureEvent> {
        let (text, at) = (text.to_owned(), facts.now);
        match code {
            ControlCode::B1 => vec![DepartureEvent::NotReleased { reason: text, at }],
            ControlCode::A5 if self.stage != Some(Stage::ReleaseRequested) => {
                vec![DepartureEvent::ReleaseQuestioned { text, at }]
            }
            _ => self.concluded(code, text, facts),
        }
    }

    /// The day by which the goods must arrive, as the office sets it, and the movement under it. A day that is over can
    /// stand only on a paper stamped before it.
    fn limited(&self, limit: Date, facts: &Facts<'_>) -> Result<(DepartureEvent, Self), Refusal> {
        let stamped = self.lodging.on_paper.unwrap_or_else(|| facts.day());
        if limit < stamped {
            return Err(Refusal::new("limit-over", limit.to_string()).remedy(stamped.to_string()));
        }
        let set = DepartureEvent::LimitSet { limit };
        let mut limited = self.clone();
        limited.take_in(&set);
        Ok((set, limited))
    }

    /// Concluded; where no registered guarantee is to be asked, released at once.
    fn concluded(&self, code: ControlCode, text: String, facts: &Facts<'_>) -> Vec<DepartureEvent> {
        let concluded = DepartureEvent::Concluded { code, text, at: facts.now };
        let covered = self.references().is_empty().then(|| self.release(facts));
        std::iter::once(concluded).chain(covered).collect()
    }

    pub(super) fn guarantee(
        &self,
        grn: &str,
        reasons: &[crate::transit::guarantee::Reason],
        facts: &Facts<'_>,
    ) -> Vec<DepartureEvent> {
        let awaited =
            self.stage == Some(Stage::GuaranteeRegistration) && self.guarantees.get(grn) == Some(&None);
        if !awaited {
            return Vec::new();
        }
        let told = DepartureEvent::GuaranteeTold { grn: grn.to_owned(), reasons: reasons.to_vec() };
        let others: Vec<_> =
            self.guarantees.iter().filter(|(of, _)| *of != grn).map(|(_, answer)| answer).collect();
        if others.iter().any(|answer| answer.is_none()) {
            return vec![told];
        }
        let all_good =
            reasons.is_empty() && others.iter().all(|answer| answer.as_ref().is_some_and(Vec::is_empty));
        let next =
            if all_good { self.release(facts) } else { DepartureEvent::GuaranteeInvalid { at: facts.now } };
        vec![told, next]
    }

    /// Released, with the limit the office set, the declaration asks for or the policy gives.
    pub(super) fn release(&self, facts: &Facts<'_>) -> DepartureEvent {
        let policy = Policy::of(&self.country(), facts);
        let latest = policy.after("reach-destination", facts.now);
        let day = jiff::tz::TimeZone::UTC.to_datetime(latest).date();
        DepartureEvent::Released {
            at: facts.now,
            limit: self.limit.or(self.lodging.declaration.operation.limit_date).unwrap_or(day),
        }
    }

    fn may_arrive(&self) -> bool {
        matches!(self.stage, Some(Stage::Released | Stage::UnderEnquiry | Stage::UnderRecovery))
            && self.arrival.is_none()
    }

    /// Results that come before the arrival advice imply it: the advice was lost or is late.
    fn results(
        &self,
        office: &str,
        (code, seals): (ControlCode, Option<Answer>),
        (text, differences): (&str, &serde_json::Value),
        at: Timestamp,
    ) -> Vec<DepartureEvent> {
        let mut events = Vec::new();
        if self.may_arrive() {
            events.push(DepartureEvent::Arrived { office: office.to_owned(), at });
        } else if self.stage == Some(Stage::Invalidated) && code == ControlCode::B1 {
            // The invalidation crossed the arrival on its way: what differs is nobody's debt any more.
            let (office, text, differences) = (office.to_owned(), text.to_owned(), differences.clone());
            let told = DepartureEvent::ResultsTold { office, code, seals, text, differences, at };
            return vec![told, DepartureEvent::Solved { solved: Answer::Yes, at }];
        } else if self.stage != Some(Stage::Arrived) {
            return events;
        }
        events.push(DepartureEvent::ResultsTold {
            office: office.to_owned(),
            code,
            seals,
            text: text.to_owned(),
            differences: differences.clone(),
            at,
        });
        events.extend(self.differs(office, (seals, differences)));
        events.push(match code {
            ControlCode::B1 => DepartureEvent::DiscrepanciesFound { at },
            _ => DepartureEvent::WrittenOff { at },
        });
        events
    }

    fn solve(&self, solved: Answer, at: Timestamp) -> Vec<DepartureEvent> {
        let next = match solved {
            Answer::Yes => DepartureEvent::WrittenOff { at },
            Answer::No => DepartureEvent::RecoveryBegun { at },
        };
        vec![DepartureEvent::Solved { solved, at }, next]
    }

    /// A clock ran out; where the case has moved on, nothing follows.
    fn expire(&self, clock: &str, facts: &Facts<'_>) -> Vec<DepartureEvent> {
        let at = facts.now;
        let customs = |justification: &str| DepartureEvent::Invalidated {
            justification: justification.to_owned(),
            asked: Answer::No,
            at,
        };
        match (clock, self.stage) {
            ("pre-lodged", Some(Stage::Prelodged)) => vec![customs("not presented in time")],
            ("automatic-release", Some(Stage::Accepted)) if self.lodging.declaration.has("C521") => {
                self.concluded(ControlCode::A3, String::new(), facts)
            }
            ("guarantee-amendment", Some(Stage::GuaranteeUnderAmendment)) => {
                vec![DepartureEvent::NotReleased { reason: "guarantee not amended in time".into(), at }]
            }
            ("enquiry-start", Some(Stage::Released)) => vec![DepartureEvent::EnquiryOpened { at }],
            ("control-results", Some(Stage::Arrived)) => vec![DepartureEvent::ResultsLate],
            ("discrepancies", Some(Stage::Discrepancies)) => {
                vec![DepartureEvent::Solved { solved: Answer::No, at }, DepartureEvent::RecoveryBegun { at }]
            }
            _ => Vec::new(),
        }
    }
}

/// What the guarantee must cover, where the principal gave values.
fn worked(lodging: &Lodging, facts: &Facts<'_>) -> Result<Option<Box<Worked>>, Refusal> {
    if lodging.values.is_empty() {
        return Ok(None);
    }
    let declaration = &lodging.declaration;
    let policy = Policy::of(&declaration.departure.country(), facts);
    let references = declaration.guarantees.iter().flat_map(|guarantee| &guarantee.references);
    let currency = references.map(|it: &GuaranteeReference| it.currency.as_str()).find(|it| !it.is_empty());
    let (lines, route) = (declaration.lines(), declaration.route());
    let asked = Asked {
        lines: &lines,
        values: &lodging.values,
        route: &route,
        day: facts.day(),
        currency: currency.unwrap_or("USD"),
    };
    let worked =
        work_out(&asked, &policy).map_err(|why| Refusal::new("amount-not-worked-out", why.to_string()))?;
    Ok(Some(Box::new(worked)))
}

/// Puts what is said anew into what was said before.
fn merge(into: &mut serde_json::Value, from: &serde_json::Value) {
    match (into, from) {
        (serde_json::Value::Object(into), serde_json::Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(serde_json::Value::Null), value);
            }
        }
        (_, serde_json::Value::Null) => {}
        (into, from) => *into = from.clone(),
    }
}
