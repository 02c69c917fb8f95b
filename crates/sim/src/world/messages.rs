//! Messages on their way: posted, carried, answered, and given up on.

use customs::agreement::Way;
use jiff::SignedDuration;
use kernel::{CaseId, NodeId};
use node::{Delivered, Heard, Input, Letters, Outcome, Posted, Posting, Retry, Transport as _};

use super::Defect;
use super::machine::Given;
use super::play::{Event, Play, place_of};
use super::report::Check;
use super::town::NODES;
use super::wire::Coming;

/// One try at posting a message.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    number: u64,
    from: usize,
    life: u32,
    case: CaseId,
    /// What its answer is held against.
    digests: Vec<u8>,
}

/// A message by its sender and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Message {
    from: NodeId,
    id: String,
}

impl Play<'_> {
    /// Posts a message and begins to wait for its answer.
    pub(crate) fn post(&mut self, place: usize, posting: &Posting) {
        let Some(look) = self.machines[place].look() else { return };
        let Ok(Some(bytes)) = look.blob(&posting.wire) else {
            self.violate(Check::NothingLost, place, format!("no bytes for {}", posting.case));
            return;
        };
        let Ok(Some(digests)) = look.blob(&posting.digests) else {
            self.violate(Check::NothingLost, place, format!("no digests for {}", posting.case));
            return;
        };
        self.posts += 1;
        self.traffic.posted += 1;
        let machine = &mut self.machines[place];
        let (number, life, case) = (self.posts, machine.life, posting.case.clone());
        machine.in_flight.insert(case.clone(), number);
        let post = Post { number, from: place, life, case, digests };
        if self.swallows(&post) {
            let answer = Letters::receipt(&posting.to, &posting.message_id);
            return self.agenda.after(500, Event::Answer { post, answer });
        }
        let to = place_of(posting.to.as_str());
        for bytes in self.carried((place, to), &bytes) {
            let event = Event::Come { place: to, post: post.clone(), bytes: bytes.bytes };
            self.agenda.at(bytes.at, event);
        }
        self.agenda.after(PATIENCE, Event::Timeout { post });
    }

    /// What the wire makes of these bytes between two nodes.
    fn carried(&mut self, (from, to): (usize, usize), bytes: &[u8]) -> Vec<Coming> {
        let pair = (&self.machines[from].id.clone(), &self.machines[to].id.clone());
        let mut comings = self.wire.carry(pair, bytes, self.agenda.now(), &mut self.faults);
        if self.script.defect == Some(Defect::NewIdOnDouble)
            && let [_, second] = comings.as_mut_slice()
        {
            second.bytes = Letters::reissued(&second.bytes);
        }
        comings
    }

    /// Whether the wire is one that swallows responses, and swallows this one.
    fn swallows(&self, post: &Post) -> bool {
        let kind = match self.script.defect {
            Some(Defect::SwallowsResponses) => "customs-response",
            Some(Defect::SwallowsAnswers) => "assistance-answer",
            _ => return false,
        };
        post.number.is_multiple_of(3) && post.case.as_str().contains(kind)
    }

    /// A message comes to a node, which answers it, unless it dies.
    pub(crate) fn come(&mut self, place: usize, post: &Post, bytes: &[u8]) {
        if !self.machines[place].is_alive() {
            return;
        }
        let Ok(delivery) = self.letters(place).open(bytes, self.agenda.now()) else {
            return self.refuse(place, post, "EBMS:0101", Retry::MayHelp);
        };
        let message = Message { from: delivery.from.clone(), id: delivery.message_id.clone() };
        match self.give(place, &Input::Deliver(Box::new(delivery))) {
            Given::Done(Outcome::Deliver(delivered)) => self.delivered(place, post, message, delivered),
            Given::Done(_) => {}
            Given::Failed => self.refuse(place, post, "EBMS:0004", Retry::MayHelp),
            Given::Died if self.script.defect == Some(Defect::ReceiptsTooSoon) => {
                self.reply(place, post, receipt(&message));
            }
            Given::Died | Given::Dead => {}
        }
    }

    /// Answers what was delivered, after the answer was kept.
    fn delivered(&mut self, place: usize, post: &Post, message: Message, delivered: Delivered) {
        match delivered {
            Delivered::Accepted => {
                let Message { from, id } = message.clone();
                let keep = Input::Answer { from, message_id: id, bytes: receipt(&message) };
                if let Given::Done(Outcome::Answer(bytes)) = self.give(place, &keep) {
                    self.promise(place, message, &bytes);
                    self.reply(place, post, bytes);
                }
            }
            Delivered::Answered(mut bytes) => {
                self.traffic.answered_again += 1;
                if self.script.defect == Some(Defect::AnswersAnew) {
                    bytes = Letters::receipt(&NodeId::new(format!("anew-{}", post.number)), &message.id);
                }
                self.promise(place, message, &bytes);
                self.reply(place, post, bytes);
            }
            Delivered::Refused(_) => {
                self.traffic.kept_out += 1;
                self.refuse(place, post, "EBMS:0010", Retry::Hopeless);
            }
            Delivered::Unprotected(_) => {
                self.violate(Check::NothingDoubled, place, format!("{message:?} came unprotected"));
                self.refuse(place, post, "EBMS:0103", Retry::Hopeless);
            }
            Delivered::Conflict => {
                self.violate(Check::NothingDoubled, place, format!("{message:?} came with other content"));
                self.refuse(place, post, "EBMS:0004", Retry::Hopeless);
            }
        }
    }

    /// What a node answers to a message once, it answers always.
    fn promise(&mut self, place: usize, message: Message, bytes: &[u8]) {
        let known = self.machines[place].answers.entry(message.clone()).or_insert_with(|| bytes.to_vec());
        if known != bytes {
            self.violate(Check::AnsweredAlike, place, format!("{} of {}", message.id, message.from));
        }
    }

    fn refuse(&mut self, place: usize, post: &Post, code: &str, retry: Retry) {
        self.reply(place, post, Letters::error(code, retry));
    }

    fn letters(&self, place: usize) -> Letters {
        Letters::new(self.machines[place].id.clone())
    }

    fn reply(&mut self, place: usize, post: &Post, answer: Vec<u8>) {
        let mark = post.number.to_le_bytes();
        for coming in self.carried((place, post.from), &mark) {
            // A garbled answer is none.
            if coming.bytes == mark {
                self.agenda.at(coming.at, Event::Answer { post: post.clone(), answer: answer.clone() });
            }
        }
    }

    /// Whether the sender still waits for the answer to this try.
    fn no_longer_waits(&mut self, post: &Post) -> bool {
        let machine = &mut self.machines[post.from];
        let waits = machine.life == post.life && machine.in_flight.get(&post.case) == Some(&post.number);
        if waits {
            machine.in_flight.remove(&post.case);
        }
        !waits
    }

    pub(crate) fn answered(&mut self, post: Post, answer: &[u8]) {
        if self.no_longer_waits(&post) {
            return;
        }
        let posted = Posted { way: Way::Direct, digests: &post.digests };
        let heard = self.letters(post.from).hear(posted, answer, self.agenda.now());
        let case = post.case;
        let input = match heard {
            Heard::Receipt(bytes) => Input::Receipt { case, bytes },
            Heard::Refused { code, retry, .. } => Input::Undelivered { case, code, retry },
            Heard::Unclear { code, .. } | Heard::Waits { ticket: code, .. } => {
                Input::Undelivered { case, code, retry: Retry::MayHelp }
            }
        };
        self.give(post.from, &input);
        self.wind(post.from);
    }

    pub(crate) fn timed_out(&mut self, post: &Post) {
        if self.no_longer_waits(post) {
            return;
        }
        self.faults.timed_out += 1;
        let code = "EBMS:0005".to_owned();
        self.give(post.from, &Input::Undelivered { case: post.case.clone(), code, retry: Retry::MayHelp });
        self.wind(post.from);
    }

    pub(crate) fn cut_off(&mut self) {
        let one = self.dice.below(NODES.len());
        let other = (one + 1 + self.dice.below(NODES.len() - 1)) % NODES.len();
        let until = self.agenda.now() + SignedDuration::from_secs(self.dice.between(60, 900));
        let (one, other) = (self.machines[one].id.clone(), self.machines[other].id.clone());
        self.wire.cut(&one, &other, until);
    }
}

/// The receiver's signed answer, as a stand-in: what it is for.
fn receipt(Message { from, id }: &Message) -> Vec<u8> {
    Letters::receipt(from, id)
}

/// How long a sender waits for an answer, in milliseconds.
const PATIENCE: i64 = 20_000;
