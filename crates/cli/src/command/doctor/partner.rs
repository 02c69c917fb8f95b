//! `sampan doctor partner`: everything that must be right between us and one partner, asked one after the other.

use std::path::Path;

use exchange::Certificate;
use jiff::{SignedDuration, Timestamp};
use node::config::Config;
use node::keys::Keys;
use node::{Caller, Descriptor, Return, descriptor};
use serde_json::json;

use crate::command::partner::{advice, lanes, runtime};
use crate::exit::Exit;
use crate::output::{self, Format};

/// One thing that was looked at.
struct Seen {
    what: &'static str,
    state: State,
    seen: String,
    advice: String,
}

/// How it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Right,
    Soon,
    Wrong,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Right => "ok",
            Self::Soon => "soon",
            Self::Wrong => "wrong",
        }
    }
}

/// Looks at a partner; ends with 1 where something is wrong.
pub(super) fn look(dir: &Path, name: &str, format: Format) -> anyhow::Result<Exit> {
    let (config, keys) = (Config::load(dir)?, Keys::load(dir)?);
    let partner = descriptor::load(dir)?.remove(&kernel::NodeId::new(name));
    let Some(partner) = partner else {
        anyhow::bail!("{name} is no partner of this node: `sampan partner add` makes it one");
    };
    let mut all = certificates(&partner, Timestamp::now());
    all.push(suites(&descriptor::own(dir)?, &partner));
    all.extend(lines(&config, &keys, &partner)?);
    all.push(open_lanes(dir, &partner)?);
    for one in &all {
        match format {
            Format::Json => output::json(&json!({
                "what": one.what, "state": one.state.word(), "seen": one.seen, "advice": one.advice,
            })),
            Format::Text => {
                output::line(format_args!("{:5} {}: {}", one.state.word(), one.what, one.seen));
                if !one.advice.is_empty() {
                    output::line(format_args!("      {}", one.advice));
                }
            }
        }
    }
    Ok(Exit::sound_if(all.iter().all(|one| one.state != State::Wrong)))
}

/// Every certificate in the descriptor: in date, and for how long.
fn certificates(partner: &Descriptor, now: Timestamp) -> Vec<Seen> {
    let groups = [
        ("signing certificate", partner.signing_certificates()),
        ("sealing certificate", partner.sealing_certificates()),
        ("TLS certificate", partner.tls_certificates()),
    ];
    let mut all = Vec::new();
    for (what, certificates) in groups {
        let successor = certificates.len() > 1;
        all.extend(certificates.iter().map(|one| certificate(what, one, (now, successor))));
    }
    all
}

fn certificate(what: &'static str, certificate: &Certificate, (now, successor): (Timestamp, bool)) -> Seen {
    let (from, until) = (certificate.not_before(), certificate.not_after());
    let print = &certificate.fingerprint_hex()[..16];
    let ask = "ask the partner to announce its next certificate: `sampan partner announce` on its side";
    let (state, advice) = match () {
        () if now < from => (State::Wrong, "it is not valid yet: is this machine's clock right?"),
        () if now > until => (State::Wrong, ask),
        () if !certificate.is_strong() && what == "signing certificate" => {
            (State::Wrong, "its key is too weak for traffic")
        }
        () if until.duration_since(now) < SOON && !successor => (State::Soon, ask),
        () => (State::Right, ""),
    };
    Seen { what, state, seen: format!("{print}, {from} to {until}"), advice: advice.to_owned() }
}

/// The suite both speak.
fn suites(own: &Descriptor, partner: &Descriptor) -> Seen {
    let ours = partner.suites.iter().find(|suite| own.suites.contains(suite));
    let said = |descriptor: &Descriptor| {
        serde_json::to_value(&descriptor.suites).map(|value| value.to_string()).unwrap_or_default()
    };
    let seen = format!("ours {}, theirs {}", said(own), said(partner));
    match ours {
        Some(_) => Seen { what: "suite", state: State::Right, seen, advice: String::new() },
        None => {
            let advice = "no suite is spoken by both: one side needs keys of the other's suite".to_owned();
            Seen { what: "suite", state: State::Wrong, seen, advice }
        }
    }
}

/// Endpoint, TLS, signature and clock, by a ping.
fn lines(config: &Config, keys: &Keys, partner: &Descriptor) -> anyhow::Result<Vec<Seen>> {
    let caller = Caller { us: &config.id, wallet: &keys.wallet, tls: &keys.tls };
    let answered = runtime()?.block_on(node::probe(caller, partner, Return::NotAsked));
    let skew = answered.clock.map(|theirs| theirs.duration_since(Timestamp::now()));
    let mut all = Vec::new();
    match answered.result {
        Ok(took) => {
            let seen = format!(
                "{} answered in {} ms, TLS as pinned, receipt proved",
                partner.endpoint,
                took.as_millis()
            );
            all.push(Seen { what: "endpoint", state: State::Right, seen, advice: String::new() });
        }
        Err(fault) => {
            let what = match fault.step {
                "tls" => "TLS",
                "refused" | "receipt" => "signature",
                _ => "endpoint",
            };
            let advice = advice(fault.step).to_owned();
            all.push(Seen {
                what,
                state: State::Wrong,
                seen: format!("{}: {fault}", partner.endpoint),
                advice,
            });
        }
    }
    if let Some(skew) = skew {
        let right = skew.abs() < CLOCK;
        let advice = if right { "" } else { "set the clocks by a time service on both sides" };
        let state = if right { State::Right } else { State::Wrong };
        let seen = format!("theirs is {} s from ours", skew.as_secs());
        all.push(Seen { what: "clock", state, seen, advice: advice.to_owned() });
    }
    Ok(all)
}

fn open_lanes(dir: &Path, partner: &Descriptor) -> anyhow::Result<Seen> {
    let lanes = lanes(dir, partner)?;
    let unknown: Vec<_> = lanes
        .iter()
        .filter(|lane| !partner.kinds.contains(&lane.term.kind))
        .map(|lane| lane.term.kind.clone())
        .collect();
    let (state, advice) = match (lanes.is_empty(), unknown.is_empty()) {
        (true, _) => {
            (State::Wrong, "no agreement in force has a term with it: enter and approve one".to_owned())
        }
        (_, false) => {
            (State::Soon, format!("its node does not know {}: it needs a newer one", unknown.join(", ")))
        }
        _ => (State::Right, String::new()),
    };
    Ok(Seen { what: "lanes", state, seen: lanes.len().to_string(), advice })
}

/// How long before its end a certificate should have a successor.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 60);
/// How far two clocks may be apart: moments in messages are to the second, and answers take a while.
const CLOCK: SignedDuration = SignedDuration::from_secs(30);
