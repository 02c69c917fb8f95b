//! A meeting: who comes, what is on the table, who sits with whom when, and what was concluded.

use jiff::Timestamp;
use kernel::{
    Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::commitment::{self, Commitment, Pledge};
use crate::roles::{DIRECTOR, EXCHANGE, REVIEWER, SECRETARY};

/// One meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    stage: Option<Stage>,
    plan: Option<Plan>,
    delegates: Vec<Delegate>,
    agenda: Vec<AgendaItem>,
    slots: Vec<Slot>,
    concluded: usize,
    reason: String,
}

/// What is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Short name, unique: `DGC-33`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The forum: `ASEAN DGC`, `ASEM`, `bilateral TH`.
    pub forum: String,
    /// Who hosts it.
    pub host: NodeId,
    /// Where.
    pub place: String,
    /// When it begins.
    pub begins: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}

/// Somebody who comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegate {
    /// Their badge or letter number, unique within the meeting.
    pub badge: String,
    /// Their name.
    pub name: String,
    /// For whom they come.
    pub party: NodeId,
    /// As what.
    #[serde(default)]
    pub office: String,
    /// Whether they are accredited.
    #[serde(default)]
    pub standing: Standing,
}

/// Whether a delegate may take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Named by their party.
    #[default]
    Nominated,
    /// Accredited by the host.
    Accredited,
    /// Does not come.
    Withdrawn,
}

/// One thing on the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// What it is.
    pub title: String,
    /// Its papers, by reference.
    pub papers: Vec<String>,
}

/// A bilateral session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// One side.
    pub one: NodeId,
    /// The other.
    pub other: NodeId,
    /// When it begins.
    pub begins: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// Where.
    pub room: String,
}

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being prepared or under way.
    Planned,
    /// Over; its conclusions live on as commitments.
    Over,
    /// Did not take place.
    Cancelled,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A meeting is planned.
    Plan {
        /// Which.
        plan: Box<Plan>,
    },
    /// Delegates are named.
    Nominate {
        /// Who.
        delegates: Vec<Delegate>,
    },
    /// The host lets delegates of a party in: those with these badges, or all where none is named.
    Accredit {
        /// The party.
        party: NodeId,
        /// The badges.
        #[serde(default)]
        badges: Vec<String>,
    },
    /// A delegate does not come.
    WithdrawDelegate {
        /// Which.
        badge: String,
    },
    /// Something is put on the table.
    AddItem {
        /// What it is.
        title: String,
        /// Its papers, by reference.
        #[serde(default)]
        papers: Vec<String>,
    },
    /// Two parties are to sit together.
    Arrange {
        /// Who, when, where.
        #[serde(flatten)]
        slot: Slot,
    },
    /// A bilateral session does not take place.
    CancelSlot {
        /// Its number, from 1.
        number: usize,
    },
    /// Something was concluded.
    Conclude {
        /// What, by whom, by when.
        pledge: Box<Pledge>,
    },
    /// The meeting is over.
    Close,
    /// The meeting does not take place.
    Cancel {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Plan { .. } => "plan",
            Self::Nominate { .. } => "nominate",
            Self::Accredit { .. } => "accredit",
            Self::WithdrawDelegate { .. } => "withdraw-delegate",
            Self::AddItem { .. } => "add-item",
            Self::Arrange { .. } => "arrange",
            Self::CancelSlot { .. } => "cancel-slot",
            Self::Conclude { .. } => "conclude",
            Self::Close => "close",
            Self::Cancel { .. } => "cancel",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Planned.
    Planned {
        /// Which.
        plan: Box<Plan>,
    },
    /// Named.
    Nominated {
        /// Who.
        delegates: Vec<Delegate>,
    },
    /// Let in.
    Accredited {
        /// The badges.
        badges: Vec<String>,
    },
    /// Does not come.
    DelegateWithdrawn {
        /// Which.
        badge: String,
    },
    /// On the table.
    ItemAdded {
        /// What.
        item: AgendaItem,
    },
    /// Two parties sit together.
    Arranged {
        /// Who, when, where.
        slot: Slot,
    },
    /// They do not.
    SlotCancelled {
        /// Its number, from 1.
        number: usize,
    },
    /// Concluded.
    Concluded {
        /// What.
        pledge: Box<Pledge>,
    },
    /// Over.
    Closed,
    /// Did not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

const HOST: &str = "the host's invitation and the forum's terms of reference";

impl Procedure for Meeting {
    const NAME: &'static str = "meeting";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("plan", SECRETARY, HOST),
        Offer::at(Stage::Planned, "nominate", SECRETARY, HOST),
        Offer::at(Stage::Planned, "accredit", SECRETARY, HOST),
        Offer::at(Stage::Planned, "withdraw-delegate", SECRETARY, HOST),
        Offer::at(Stage::Planned, "add-item", SECRETARY, HOST),
        Offer::at(Stage::Planned, "arrange", SECRETARY, HOST),
        Offer::at(Stage::Planned, "cancel-slot", SECRETARY, HOST),
        Offer::at(Stage::Planned, "conclude", SECRETARY, "the minutes"),
        Offer::at(Stage::Planned, "close", SECRETARY, "the minutes"),
        Offer::at(Stage::Planned, "cancel", DIRECTOR, HOST),
    ];
    const FORMS: &'static [Form] = FORMS;
    const READERS: &'static [Role] = &[EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Plan { plan } if plan.ends <= plan.begins => {
                Err(Refusal::new("ends-before-it-begins", plan.ends.to_string()))
            }
            Act::Plan { plan } => Ok(vec![Event::Planned { plan: plan.clone() }]),
            Act::Nominate { delegates } => self.nominated(delegates),
            Act::Accredit { party, badges } => self.accredited(party, badges),
            Act::WithdrawDelegate { badge } => {
                self.delegate(badge)?;
                Ok(vec![Event::DelegateWithdrawn { badge: badge.clone() }])
            }
            Act::AddItem { title, papers } => {
                let item = AgendaItem { title: title.clone(), papers: papers.clone() };
                Ok(vec![Event::ItemAdded { item }])
            }
            Act::Arrange { slot } => {
                self.fits(slot)?;
                Ok(vec![Event::Arranged { slot: slot.clone() }])
            }
            Act::CancelSlot { number } if (1..=self.slots.len()).contains(number) => {
                Ok(vec![Event::SlotCancelled { number: *number }])
            }
            Act::CancelSlot { number } => Err(Refusal::new("slot-unknown", number.to_string())),
            Act::Conclude { pledge } if pledge.text.trim().is_empty() => {
                Err(Refusal::new("text-missing", "conclude").remedy("text"))
            }
            Act::Conclude { pledge } => Ok(vec![Event::Concluded { pledge: pledge.clone() }]),
            Act::Close => Ok(vec![Event::Closed]),
            Act::Cancel { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", act.name()).remedy("reason"))
            }
            Act::Cancel { reason } => Ok(vec![Event::Cancelled { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Planned { plan } => {
                self.stage = Some(Stage::Planned);
                self.plan = Some((**plan).clone());
            }
            Event::Nominated { delegates } => self.delegates.extend(delegates.iter().cloned()),
            Event::Accredited { badges } => self.stand(badges, Standing::Accredited),
            Event::DelegateWithdrawn { badge } => {
                self.stand(std::slice::from_ref(badge), Standing::Withdrawn);
            }
            Event::ItemAdded { item } => self.agenda.push(item.clone()),
            Event::Arranged { slot } => self.slots.push(slot.clone()),
            Event::SlotCancelled { number } => drop(self.slots.remove(number - 1)),
            Event::Concluded { .. } => self.concluded += 1,
            Event::Closed => self.stage = Some(Stage::Over),
            Event::Cancelled { reason } => {
                self.stage = Some(Stage::Cancelled);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Event::Concluded { pledge } = event else { return Vec::new() };
        let case = Commitment::case_of(facts.case, self.concluded);
        vec![Effect::act(case, &commitment::Act::Pledge { pledge: pledge.clone() })]
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(plan)) = (self.stage, &self.plan) else { return Summary::default() };
        let coming = || self.delegates.iter().filter(|delegate| delegate.standing != Standing::Withdrawn);
        let of_host = |delegate: &&Delegate| delegate.party == plan.host;
        let with_host = |slot: &&Slot| slot.one == plan.host || slot.other == plan.host;
        Summary {
            stage: stage.word().into(),
            title: plan.id.clone(),
            due: (stage == Stage::Planned).then_some(plan.begins),
            closed: stage != Stage::Planned,
            references: vec![Reference::new("forum", plan.forum.clone())],
            shown: json!({
                "name": plan.title, "forum": plan.forum, "place": plan.place, "begins": plan.begins,
                "ends": plan.ends, "delegates": coming().count(), "of_host": coming().filter(of_host).count(),
                "accredited": coming().filter(|one| one.standing == Standing::Accredited).count(),
                "bilaterals": self.slots.len(), "with_host": self.slots.iter().filter(with_host).count(),
                "agenda": self.agenda, "slots": self.slots, "concluded": self.concluded, "reason": self.reason,
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
            Self::Planned => "planned",
            Self::Over => "over",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Slot {
    fn overlaps(&self, other: &Self) -> bool {
        self.begins < other.ends && other.begins < self.ends
    }

    /// Who or what two overlapping sessions both need.
    fn shared<'a>(&'a self, other: &Self) -> Option<&'a str> {
        let parties = [&self.one, &self.other];
        let both = parties.into_iter().find(|party| [&other.one, &other.other].contains(party));
        both.map(NodeId::as_str).or_else(|| (self.room == other.room).then_some(self.room.as_str()))
    }
}

impl Meeting {
    /// The delegates, as they stand.
    #[must_use]
    pub fn delegates(&self) -> &[Delegate] {
        &self.delegates
    }

    /// The bilateral sessions in the order they were arranged.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// What is planned.
    #[must_use]
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    fn delegate(&self, badge: &str) -> Result<&Delegate, Refusal> {
        let found = self.delegates.iter().find(|delegate| delegate.badge == badge);
        found.ok_or_else(|| Refusal::new("delegate-unknown", badge))
    }

    /// A badge is given once; the whole list is taken or none of it.
    fn nominated(&self, delegates: &[Delegate]) -> Result<Vec<Event>, Refusal> {
        for (place, delegate) in delegates.iter().enumerate() {
            let before = self.delegates.iter().chain(&delegates[..place]);
            if before.into_iter().any(|known| known.badge == delegate.badge) {
                return Err(Refusal::new("delegate-known", delegate.badge.clone()));
            }
        }
        Ok(vec![Event::Nominated { delegates: delegates.to_vec() }])
    }

    fn accredited(&self, party: &NodeId, badges: &[String]) -> Result<Vec<Event>, Refusal> {
        let wanted = |delegate: &&Delegate| {
            delegate.party == *party
                && delegate.standing == Standing::Nominated
                && (badges.is_empty() || badges.contains(&delegate.badge))
        };
        let badges: Vec<_> = self.delegates.iter().filter(wanted).map(|one| one.badge.clone()).collect();
        if badges.is_empty() {
            return Err(Refusal::new("delegate-unknown", party.as_str()).remedy("nominate"));
        }
        Ok(vec![Event::Accredited { badges }])
    }

    fn stand(&mut self, badges: &[String], standing: Standing) {
        let named = self.delegates.iter_mut().filter(|delegate| badges.contains(&delegate.badge));
        named.for_each(|delegate| delegate.standing = standing);
    }

    /// Two different parties, within the meeting, and nobody and no room twice at a time.
    fn fits(&self, slot: &Slot) -> Result<(), Refusal> {
        let Some(plan) = &self.plan else { return Ok(()) };
        if slot.one == slot.other {
            return Err(Refusal::new("slot-with-oneself", slot.one.as_str()));
        }
        if slot.ends <= slot.begins || slot.begins < plan.begins || slot.ends > plan.ends {
            let window = format!("{} … {}", plan.begins, plan.ends);
            return Err(Refusal::new("slot-outside-meeting", slot.begins.to_string()).remedy(window));
        }
        let clash = self.slots.iter().filter(|known| known.overlaps(slot)).find_map(|known| {
            let shared = slot.shared(known)?;
            Some(Refusal::new("slot-clash", shared).remedy(known.ends.to_string()))
        });
        clash.map_or(Ok(()), Err)
    }
}

const FORMS: &[Form] = &[
    Form::keyed("plan", "plan.id", PLAN),
    Form::of("nominate", &[Field::needed("delegates", Sort::Lines(DELEGATE))]),
    Form::of(
        "accredit",
        &[Field::needed("party", Sort::Text(40)), Field::optional("badges", Sort::Words(500))],
    ),
    Form::of("withdraw-delegate", &[Field::needed("badge", Sort::Text(40))]),
    Form::of(
        "add-item",
        &[Field::needed("title", Sort::Text(200)), Field::optional("papers", Sort::Words(50))],
    ),
    Form::of("arrange", SLOT),
    Form::of("cancel-slot", &[Field::needed("number", Sort::Whole(1, 10_000))]),
    Form::of("conclude", commitment::PLEDGE),
    Form::of("cancel", &[Field::needed("reason", Sort::Text(300))]),
];

const PLAN: &[Field] = &[
    Field::needed("plan.id", Sort::Text(60)),
    Field::needed("plan.title", Sort::Text(300)),
    Field::needed("plan.forum", Sort::Text(80)),
    Field::needed("plan.host", Sort::Text(40)),
    Field::needed("plan.place", Sort::Text(120)),
    Field::needed("plan.begins", Sort::Moment),
    Field::needed("plan.ends", Sort::Moment),
];

const DELEGATE: &[Field] = &[
    Field::needed("badge", Sort::Text(40)),
    Field::needed("name", Sort::Text(120)),
    Field::needed("party", Sort::Text(40)),
    Field::optional("office", Sort::Text(120)),
];

const SLOT: &[Field] = &[
    Field::needed("one", Sort::Text(40)),
    Field::needed("other", Sort::Text(40)),
    Field::needed("begins", Sort::Moment),
    Field::needed("ends", Sort::Moment),
    Field::needed("room", Sort::Text(60)),
];
