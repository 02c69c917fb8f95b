//! What a consignment makes of what it knows: where it stands, what weighs, what follows.

use super::*;

impl Consignment {
    /// The case of the consignment of one of our import declarations.
    #[must_use]
    pub fn case_of(number: &str) -> CaseId {
        CaseId::of(Self::NAME, number)
    }

    /// Our declaration.
    #[must_use]
    pub const fn declaration(&self) -> Option<&Declaration> {
        self.declaration.as_ref()
    }

    /// What partners said about it, by received item.
    #[must_use]
    pub const fn ties(&self) -> &BTreeMap<CaseId, Tie> {
        &self.ties
    }

    /// What is wrong with our own declaration, whatever partners say.
    #[must_use]
    pub fn own(&self) -> &[Difference] {
        &self.own
    }

    /// Whether somebody judged how it is tied.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        !self.confirmed.is_empty() || !self.rejected.is_empty()
    }

    /// Items somebody judged to be the right ones.
    #[must_use]
    pub const fn confirmed(&self) -> &BTreeSet<CaseId> {
        &self.confirmed
    }

    /// Items somebody judged not to be about it.
    #[must_use]
    pub const fn rejected(&self) -> &BTreeSet<CaseId> {
        &self.rejected
    }

    /// The findings raised on it.
    pub fn findings(&self) -> impl Iterator<Item = &CaseId> {
        self.findings.keys()
    }

    pub(super) fn judged(&self) -> Stage {
        let any = |group: Group| self.ties.values().any(|tie| tie.group == group && !self.is_settled(tie));
        match () {
            () if self.findings.values().any(|raised| raised.open) => Stage::Flagged,
            () if any(Group::Ambiguous) => Stage::Ambiguous,
            () if any(Group::Partial) => Stage::Partial,
            () if self.ties.is_empty() => Stage::Declared,
            () => Stage::Matched,
        }
    }

    /// Whether somebody settled how it is tied where several ways were likely.
    pub(super) fn is_settled(&self, tie: &Tie) -> bool {
        tie.group == Group::Ambiguous && self.confirmed.contains(&tie.item)
    }

    /// Of the ways that compete, one is picked, or none; those left are not tied again.
    pub(super) fn chosen(&self, item: Option<&CaseId>) -> Result<Event, Refusal> {
        let open: Vec<&CaseId> =
            self.ties.values().filter(|tie| tie.group == Group::Ambiguous).map(|tie| &tie.item).collect();
        if open.is_empty() || item.is_some_and(|item| !open.contains(&item)) {
            let named = item.map_or_else(String::new, ToString::to_string);
            return Err(Refusal::new("link-not-open", named)
                .remedy(open.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")));
        }
        let instead = open.into_iter().filter(|other| Some(*other) != item);
        let instead = instead.map(|other| (other.clone(), self.standing_on(other))).collect();
        Ok(Event::Chosen { item: item.cloned(), instead })
    }

    pub(super) fn standing_on(&self, item: &CaseId) -> Vec<CaseId> {
        let on_item = |(_, raised): &(&CaseId, &Raised)| raised.item == *item;
        self.findings.iter().filter(on_item).map(|(case, _)| case.clone()).collect()
    }

    /// The findings of an item that its new judgement no longer bears out.
    pub(super) fn gone(&self, tie: &Tie, facts: &Facts<'_>) -> Vec<CaseId> {
        let stays = |case: &CaseId| {
            let mut cases =
                tie.differences.iter().map(|difference| Finding::case_of(facts.case, &tie.item, difference));
            cases.any(|still| still == *case)
        };
        self.standing_on(&tie.item).into_iter().filter(|case| !stays(case)).collect()
    }

    /// The findings of an earlier look at our own declaration that this one no longer bears out.
    pub(super) fn gone_own(&self, differences: &[Difference], facts: &Facts<'_>) -> Vec<CaseId> {
        let case = |difference: &Difference| Finding::case_of(facts.case, facts.case, difference);
        let stays: Vec<CaseId> = differences.iter().map(case).collect();
        let then = self.own.iter().map(case);
        then.filter(|case| !stays.contains(case) && self.findings.contains_key(case)).collect()
    }

    pub(super) fn forget(&mut self, gone: &[CaseId]) {
        for case in gone {
            self.findings.remove(case);
        }
    }

    pub(super) fn raise_own(&mut self) {
        let Some(declaration) = &self.declaration else { return };
        let (case, own) = (Self::case_of(&declaration.number), self.own.clone());
        self.raise(&case, &own);
    }

    pub(super) fn raise(&mut self, item: &CaseId, differences: &[Difference]) {
        let Some(declaration) = &self.declaration else { return };
        let case = Self::case_of(&declaration.number);
        for difference in differences.iter().filter(|difference| difference.severity >= Severity::Warning) {
            let raised = Raised {
                item: item.clone(),
                code: difference.code.clone(),
                open: !difference.is_explained(),
            };
            self.findings.entry(Finding::case_of(&case, item, difference)).or_insert(raised);
        }
    }

    /// What its claims are worth.
    #[must_use]
    pub const fn believed(&self) -> &BTreeMap<String, Believed> {
        &self.believed
    }

    /// What the recognition test of its exporter found.
    #[must_use]
    pub const fn recognition(&self) -> &Recognition {
        &self.recognition
    }

    /// Which preferences were given at release.
    #[must_use]
    pub fn preferences(&self) -> &[Preference] {
        &self.preferences
    }

    /// Declared, or declared anew: what is no longer quoted is freed, and the exporter is tested at the first
    /// declaration's own moment.
    pub(super) fn declared(&self, declaration: &Declaration, facts: &Facts<'_>) -> Vec<Event> {
        let mut events = vec![Event::Declared { declaration: Box::new(declaration.clone()) }];
        let dropped = believed::unquoted(self.declaration.as_ref(), declaration);
        events.extend(dropped.into_iter().map(|subject| {
            let own = self.believed.values().filter(|one| one.subject == subject);
            let gone = own.flat_map(|one| self.standing_on(one.stands_on())).collect();
            Event::Unquoted { subject, gone }
        }));
        let recognition = recognise(declaration, self.recognition.at.unwrap_or(facts.now), facts.books);
        let asked = recognition.benefit != crate::operator::Benefit::NotAsked;
        if recognition != self.recognition && (asked || self.recognition.at.is_some()) {
            let (recognition, before) = (Box::new(recognition), Box::new(self.recognition.clone()));
            events.push(Event::Recognised { recognition, before });
        }
        events
    }

    pub(super) fn let_go(&self, reason: String, by: String) -> Vec<Event> {
        let mut events = Vec::new();
        let own = self.declaration.as_ref();
        let preferences =
            own.map(|own| believed::preferences(own, self.believed.values())).unwrap_or_default();
        if !preferences.is_empty() {
            events.push(Event::PreferencesDecided { preferences });
        }
        events.push(Event::Released { reason, by });
        events
    }

    pub(super) fn certificates_hear(&self, act: &CertificateAct) -> Vec<Effect> {
        self.declaration.as_ref().map(|own| believed::tell_all(own, act)).unwrap_or_default()
    }

    /// The findings of a claim that its new judgement no longer bears out.
    pub(super) fn gone_of(&self, believed: &Believed, facts: &Facts<'_>) -> Vec<CaseId> {
        let Some(before) = self.believed.get(&believed.key()) else { return Vec::new() };
        let case = |on: &CaseId, difference: &Difference| Finding::case_of(facts.case, on, difference);
        let stays: Vec<_> =
            believed.differences.iter().map(|difference| case(believed.stands_on(), difference)).collect();
        let then = before.differences.iter().map(|difference| case(before.stands_on(), difference));
        then.filter(|case| !stays.contains(case) && self.findings.contains_key(case)).collect()
    }

    pub(super) fn after_judgement(
        &self,
        believed: &Believed,
        gone: &[CaseId],
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let mut effects: Vec<_> = gone.iter().map(|case| withdraw(case, "difference-gone")).collect();
        if let Some(item) = &believed.item {
            effects.push(Effect::act(item.clone(), &ReceivedAct::Link { consignment: facts.case.clone() }));
        }
        let from = believed.quoted.clone();
        let export = match believed.subject.key().split_once('-') {
            Some((issuer, _)) if believed.kind != "aeo" => format!("{issuer}:{from}"),
            _ => from,
        };
        let grave = believed.differences.iter().filter(|difference| difference.severity >= Severity::Warning);
        effects.extend(grave.map(|difference| self.raised(believed.stands_on(), &export, difference, facts)));
        effects
    }

    /// A finding is raised on this consignment.
    pub(super) fn raised(
        &self,
        item: &CaseId,
        export: &str,
        difference: &Difference,
        facts: &Facts<'_>,
    ) -> Effect {
        let raise = finding::Act::Raise {
            consignment: facts.case.clone(),
            item: item.clone(),
            export: export.to_owned(),
            difference: Box::new(difference.clone()),
            decide_before: self.declaration.as_ref().and_then(|declaration| declaration.arrives),
        };
        Effect::act(Finding::case_of(facts.case, item, difference), &raise)
    }

    pub(super) fn may_release(&self, reason: &str) -> Result<(), Refusal> {
        let open = self.findings.values().filter(|raised| raised.open).count();
        if open > 0 && reason.trim().is_empty() {
            return Err(Refusal::new("findings-open", open.to_string()).remedy("verdict, reason"));
        }
        Ok(())
    }

    pub(super) fn severity(&self) -> Option<Severity> {
        self.worst().map(|worst| worst.severity)
    }

    /// The heaviest difference that awaits a verdict, for the one sentence a list shows.
    pub(super) fn worst(&self) -> Option<&Difference> {
        let case = Self::case_of(&self.declaration.as_ref()?.number);
        let open = |item: &CaseId, difference: &Difference| {
            self.findings.get(&Finding::case_of(&case, item, difference)).is_some_and(|raised| raised.open)
        };
        let tied = self.ties.iter().map(|(item, tie)| (item, &tie.differences));
        let claimed = self.believed.values().map(|one| (one.stands_on(), &one.differences));
        let own = std::iter::once((&case, &self.own));
        let all = tied.chain(claimed).chain(own).flat_map(|(item, differences)| {
            differences.iter().filter(move |difference| open(item, difference))
        });
        all.max_by_key(|difference| difference.severity)
    }

    /// The givers of items without findings hear that the goods were let go and nothing differed; where there are
    /// findings, their verdicts say it.
    pub(super) fn told_of_release(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let papers: BTreeSet<&CaseId> = self.believed.values().filter_map(|one| one.item.as_ref()).collect();
        let quiet = self.ties.keys().chain(papers).filter(|item| self.standing_on(item).is_empty());
        let remark = Remark { code: "released".into(), pointer: String::new(), text: reason.to_owned() };
        let act = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        quiet.map(|item| Effect::act(item.clone(), &act)).collect()
    }
}
