//! The world at play: what happens next, to whom, and what follows from it.

use std::collections::VecDeque;
use std::path::Path;

use customs::declaration::Declaration;
use customs::operation::operation_case;
use customs::roles::{CLEARANCE, COORDINATOR, DIRECTOR, SECRETARY};
use jiff::{SignedDuration, Timestamp};
use kernel::{ActId, Actor, CaseId, Role};
use node::{Batch, Input, Outcome, Posting};
use serde::Deserialize as _;
use serde_json::{Value, json};
use store::Failure;

use super::agenda::Agenda;
use super::disk::Fate;
use super::machine::{Given, Machine};
use super::messages::Post;
use super::people::{Office, People, Try};
use super::report::{Check, Faults, Traffic, Violation};
use super::town::{NODES, OPERATION, UNIT, agreement, cooperation, plan};
use super::vouch::History;
use super::wire::{Weather, Wire};
use super::{Defect, Script};
use crate::dice::{Dice, Room};

/// The world: machines, wires, people, and what happens next.
pub(crate) struct Play<'a> {
    pub(crate) script: &'a Script,
    pub(crate) agenda: Agenda<Event>,
    pub(crate) machines: Vec<Machine>,
    /// The people of each office of each node: first all of the border, then all of cooperation.
    pub(crate) people: Vec<People>,
    pub(crate) faults: Faults,
    pub(crate) traffic: Traffic,
    pub(crate) violations: Vec<Violation>,
    /// The declarations of the morning, in the order they are lodged.
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) wire: Wire,
    pub(crate) dice: Dice,
    /// What waits to be lodged with each node, in order.
    lodging: Vec<VecDeque<usize>>,
    /// How many tries at posting there were.
    pub(crate) posts: u64,
}

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// The clearance system of a node has this declaration ready.
    Ready { place: usize, declaration: usize },
    /// It gives the node the next one that waits.
    Lodge { place: usize },
    /// A node looks at its clock.
    Tick { place: usize, life: u32 },
    /// A message comes.
    Come { place: usize, post: Post, bytes: Vec<u8> },
    /// Its answer comes back.
    Answer { post: Post, answer: Vec<u8> },
    /// The sender no longer waits for it.
    Timeout { post: Post },
    /// Somebody of these people does something.
    Somebody { who: usize },
    /// Misfortune is laid out for a machine.
    Misfortune,
    /// A dead machine starts again.
    Start { place: usize },
    /// Two nodes are cut off from each other.
    CutOff,
    /// The last agreement enters into force at a node that was late with it.
    Agree { place: usize, with: &'static str },
}

impl<'a> Play<'a> {
    /// A world with its nodes started and their agreements in force, all but the last one at one node.
    ///
    /// # Errors
    /// What a store says.
    pub(crate) fn begin(script: &'a Script, home: &Path, begins: Timestamp) -> Result<Self, Failure> {
        let mut dice = Dice::of(script.seed, Room::Machines, 0);
        let mut machines = Vec::new();
        for id in NODES {
            let forges = script.defect == Some(Defect::TwoHistories) && id == NODES[0];
            let history = if forges { History::Invented } else { History::Kept };
            let skew = SignedDuration::from_millis(dice.between(-4000, 4000));
            machines.push(Machine::new(id, home, skew, history)?);
        }
        let dice_of = |number: usize| Dice::of(script.seed, Room::People, number as u64);
        let people = OFFICES.into_iter().enumerate().flat_map(|(office, what)| {
            let number = move |place| office * NODES.len() + place;
            NODES.into_iter().enumerate().map(move |(at, id)| People::new(what, id, dice_of(number(at))))
        });
        let mut play = Self {
            script,
            agenda: Agenda::new(begins),
            machines,
            people: people.collect(),
            faults: Faults::default(),
            traffic: Traffic::default(),
            violations: Vec::new(),
            declarations: Vec::new(),
            wire: Wire::new(script.seed),
            dice,
            lodging: vec![VecDeque::new(); NODES.len()],
            posts: 0,
        };
        play.agree();
        play.invite(begins);
        Ok(play)
    }

    fn agree(&mut self) {
        for (place, one) in NODES.into_iter().enumerate() {
            for other in NODES.into_iter().filter(|other| *other != one) {
                if (one, other) != LATE {
                    self.enter(place, other);
                }
            }
        }
    }

    /// Enters an agreement at a node and brings it into force.
    fn enter(&mut self, place: usize, with: &'static str) {
        let own = NODES[place];
        let (one, other) = if own < with { (own, with) } else { (with, own) };
        for agreement in [agreement(one, other), cooperation(one, other)] {
            let case = CaseId::of("agreement", &agreement.id);
            let enter = json!({ "act": "enter", "agreement": agreement });
            for (role, act) in [(SECRETARY, enter), (DIRECTOR, json!({ "act": "approve" }))] {
                if !self.does(place, role, &case, act) {
                    return self.agenda.after(60_000, Event::Agree { place, with });
                }
            }
        }
    }

    /// Somebody does something that must be done; says whether it was.
    fn does(&mut self, place: usize, role: Role, case: &CaseId, act: Value) -> bool {
        let id = ActId::new(format!("{}-{case}", act["act"].as_str().unwrap_or_default()));
        let input = Input::Act { actor: Actor::new(role.to_string(), role), id, case: case.clone(), act };
        matches!(self.give(place, &input), Given::Done(_))
    }

    /// The joint operation of all: planned and its members invited by the coordination unit.
    fn invite(&mut self, begins: Timestamp) {
        let (unit, case) = (place_of(UNIT), operation_case(OPERATION));
        for act in [plan(begins), json!({ "act": "invite" })] {
            self.does(unit, COORDINATOR, &case, act);
        }
    }

    /// Lays out everything that is known beforehand.
    pub(crate) fn prepare(&mut self, lodgings: &[(u32, Declaration)]) {
        for (minute, declaration) in lodgings {
            let place = place_of(declaration.country.as_str());
            let number = self.declarations.len();
            self.declarations.push(declaration.clone());
            let event = Event::Ready { place, declaration: number };
            self.agenda.after(i64::from(*minute) * 60_000, event);
        }
        let minutes = i64::from(self.script.minutes);
        for who in 0..self.people.len() {
            let first = self.people[who].pause();
            self.agenda.after(first * 1000, Event::Somebody { who });
        }
        let misfortunes = (0..minutes * 60).step_by(SECONDS_BETWEEN_MISFORTUNES);
        for second in misfortunes {
            let wobble = self.dice.between(0, 20_000);
            self.agenda.after(second * 1000 + wobble, Event::Misfortune);
        }
        for minute in (5..minutes).step_by(20) {
            self.agenda.after(minute * 60_000, Event::CutOff);
        }
        // After two thirds of the time.
        let late = Event::Agree { place: place_of(LATE.0), with: LATE.1 };
        self.agenda.after(minutes * 40_000, late);
    }

    /// Lets things happen until this moment.
    pub(crate) fn until(&mut self, end: Timestamp) {
        while let Some(event) = self.agenda.next_until(end) {
            self.happen(event);
        }
    }

    /// Ends all faults: the wires carry, dead machines start, nothing is laid out any more.
    pub(crate) fn calm(&mut self) {
        self.wire.weather = Weather::Calm;
        for place in 0..self.machines.len() {
            self.machines[place].plot.clear();
            if !self.machines[place].is_alive() {
                self.start(place);
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ready { place, declaration } => {
                self.lodging[place].push_back(declaration);
                if self.lodging[place].len() == 1 {
                    self.lodge(place);
                }
            }
            Event::Lodge { place } => self.lodge(place),
            Event::Tick { place, life } => self.tick(place, life),
            Event::Come { place, post, bytes } => self.come(place, &post, &bytes),
            Event::Answer { post, answer } => self.answered(post, &answer),
            Event::Timeout { post } => self.timed_out(&post),
            Event::Somebody { who } => self.somebody(who),
            Event::Misfortune => self.misfortune(),
            Event::Start { place } => self.start(place),
            Event::CutOff => self.cut_off(),
            Event::Agree { place, with } => self.enter(place, with),
        }
    }

    // Machines.

    /// Gives a machine an input, and looks after what follows: a dead one starts again in a while, a living one looks
    /// at its clock when its next work is due.
    pub(crate) fn give(&mut self, place: usize, input: &Input) -> Given {
        let given = self.machines[place].give(self.agenda.now(), input);
        self.look_after(place, &given);
        given
    }

    fn look_after(&mut self, place: usize, given: &Given) {
        match given {
            Given::Done(_) => self.wind(place),
            Given::Died => {
                let down = self.dice.between(500, 90_000);
                self.agenda.after(down, Event::Start { place });
            }
            Given::Failed | Given::Dead => {}
        }
    }

    fn start(&mut self, place: usize) {
        if self.machines[place].is_alive() {
            return;
        }
        if let Err(failure) = self.machines[place].start() {
            self.violate(Check::Records, place, format!("does not start again: {failure}"));
            return;
        }
        self.wind(place);
        self.agenda.after(1000, Event::Lodge { place });
    }

    /// Lays out what befalls one of the next commits of some machine.
    fn misfortune(&mut self) {
        let place = self.dice.below(self.machines.len());
        let commits = u32::try_from(self.dice.below(4)).unwrap_or(0);
        let fate = match self.dice.below(8) {
            0 | 1 => Fate::DiesBefore,
            2 | 3 => Fate::DiesWithin(u32::try_from(self.dice.below(14)).unwrap_or(0)),
            4..7 => Fate::DiesAfter,
            _ => Fate::Refuses,
        };
        self.machines[place].plot.lay(commits, fate);
    }

    /// Has a machine look at its clock when its next work is due that is not being done.
    pub(crate) fn wind(&mut self, place: usize) {
        let now = self.agenda.now();
        let machine = &mut self.machines[place];
        let Some(look) = machine.look() else { return };
        let beyond = now + SignedDuration::from_hours(24 * 400);
        let limit = u32::try_from(machine.in_flight.len() + 1).unwrap_or(u32::MAX);
        let due = look.due(beyond, limit).unwrap_or_default();
        let free = due.iter().find(|work| !machine.in_flight.contains_key(&case_of(&work.body)));
        let Some(at) = free.map(|work| (work.at - machine.skew).max(now)) else { return };
        if machine.looks_at.is_none_or(|known| at < known || known < now) {
            machine.looks_at = Some(at);
            let life = machine.life;
            self.agenda.at(at, Event::Tick { place, life });
        }
    }

    /// Does what is due: posts, and wakes.
    fn tick(&mut self, place: usize, life: u32) {
        if self.machines[place].life != life
            || self.script.defect == Some(Defect::SleepsThrough) && place == 0
        {
            return;
        }
        self.machines[place].looks_at = None;
        let now = self.agenda.now() + self.machines[place].skew;
        let Some(look) = self.machines[place].look() else { return };
        let mut wakes = Vec::new();
        for work in look.due(now, 100).unwrap_or_default() {
            match Posting::deserialize(&work.body) {
                Ok(posting) if !self.machines[place].in_flight.contains_key(&posting.case) => {
                    self.post(place, &posting);
                }
                Ok(_) => {}
                Err(_) => wakes.push(Input::Wake { key: work.key }),
            }
        }
        if !wakes.is_empty() {
            let given = self.machines[place].give_all(self.agenda.now(), &wakes);
            self.look_after(place, &given);
            if matches!(given, Given::Failed) {
                // Not at once again: what fails now may fail then.
                return self.agenda.after(5_000, Event::Tick { place, life });
            }
        }
        self.wind(place);
    }

    // Declarations.

    /// The clearance system gives the next declaration, and gives it again until the node has taken it.
    fn lodge(&mut self, place: usize) {
        let Some(number) = self.lodging[place].front().copied() else { return };
        let actor = Actor::new("clearance", CLEARANCE);
        let batch = Batch::of(vec![self.declarations[number].clone()]);
        match self.give(place, &Input::Import { actor, batch }) {
            Given::Done(Outcome::Import(report)) => {
                self.lodging[place].pop_front();
                self.traffic.lodged += 1;
                self.traffic.known += u32::try_from(report.known.len()).unwrap_or(0);
                if !report.refused.is_empty() {
                    let what = format!("declaration refused: {:?}", report.refused);
                    self.violate(Check::NothingLost, place, what);
                }
                self.machines[place].taken.insert(number);
                if !self.lodging[place].is_empty() {
                    self.agenda.after(300, Event::Lodge { place });
                }
            }
            Given::Done(_) | Given::Failed => self.agenda.after(5_000, Event::Lodge { place }),
            // Its start looks after it.
            Given::Died | Given::Dead => {}
        }
    }

    // People.

    fn somebody(&mut self, who: usize) {
        let pause = self.people[who].pause();
        self.agenda.after(pause * 1000, Event::Somebody { who });
        let machine = &self.machines[who % NODES.len()];
        let Some(look) = machine.look() else { return };
        let now = self.agenda.now() + machine.skew;
        let Ok(Some((input, which))) = self.people[who].next(&*look, now) else { return };
        self.traffic.acts_again += u32::from(which == Try::Again);
        self.take(who, input);
    }

    fn take(&mut self, who: usize, input: Input) {
        match self.give(who % NODES.len(), &input) {
            Given::Done(Outcome::Act(Ok(_))) => self.traffic.acts += 1,
            Given::Done(_) => self.traffic.refusals += 1,
            Given::Failed | Given::Died | Given::Dead => self.people[who].unsure_of(input),
        }
    }

    /// Has the exchange officers mend what is broken; says whether there was anything.
    pub(crate) fn mend(&mut self) -> bool {
        let mut mended = false;
        for who in 0..self.people.len() {
            let Some(look) = self.machines[who % NODES.len()].look() else { continue };
            if let Ok(Some(input)) = self.people[who].mends_all(&*look) {
                mended = true;
                self.take(who, input);
            }
        }
        mended
    }

    pub(crate) fn violate(&mut self, check: Check, place: usize, what: String) {
        self.violations.push(Violation { check, node: NODES[place].to_owned(), what });
    }

    /// Takes people off, so that only clocks and wires go on.
    pub(crate) fn send_people_home(&mut self) {
        self.agenda
            .retain(|event| !matches!(event, Event::Somebody { .. } | Event::Misfortune | Event::CutOff));
    }
}

/// The place of a node.
pub(crate) fn place_of(id: &str) -> usize {
    NODES.iter().position(|node| *node == id).unwrap_or(0)
}

/// The case a posting is about; an empty one for other work.
fn case_of(body: &Value) -> CaseId {
    Posting::deserialize(body).map_or_else(|_| CaseId::new(""), |posting| posting.case)
}

/// The offices of every node.
const OFFICES: [Office; 2] = [Office::Border, Office::Cooperation];
/// The node that is late with an agreement, and with whom.
pub(crate) const LATE: (&str, &str) = ("LA", "CN");
const SECONDS_BETWEEN_MISFORTUNES: usize = 150;
