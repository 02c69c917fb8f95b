//! Pings both ways, and announcements.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use node::config::{Config, Protection};
use node::keys::Keys;
use node::{Caller, Descriptor, Return};

use crate::exit::Exit;
use crate::output;

pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

pub(super) fn ping(dir: &Path, name: &str) -> anyhow::Result<Exit> {
    both_ways(dir, &super::known(dir, name)?)
}

/// Pings a partner, asks it to ping back, and watches our running node for that ping.
pub(super) fn both_ways(dir: &Path, partner: &Descriptor) -> anyhow::Result<Exit> {
    let (config, keys) = (Config::load(dir)?, Keys::load(dir)?);
    let before = pinged(&config, partner);
    let caller = Caller { us: &config.id, wallet: &keys.wallet, tls: &keys.tls };
    match runtime()?.block_on(node::ping(caller, partner, Return::Asked)) {
        Ok(took) => output::line(format_args!(
            "{} -> {}: receipted in {} ms",
            config.id,
            partner.id,
            took.as_millis()
        )),
        Err(fault) => {
            output::line(format_args!("{} -> {}: no receipt, {fault}", config.id, partner.id));
            output::line(format_args!("  {}", advice(fault.step)));
            return Ok(Exit::Wrong);
        }
    }
    let Some(before) = before else {
        output::line(format_args!("{} -> {}: not seen, this node does not run", partner.id, config.id));
        return Ok(Exit::Wrong);
    };
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if pinged(&config, partner).is_some_and(|now| now > before) {
            output::line(format_args!("{} -> {}: its ping was proved and receipted", partner.id, config.id));
            return Ok(Exit::Sound);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    output::line(format_args!(
        "{} -> {}: no ping came back; it cannot reach {}, or does not answer pings by pings as foreign access points do not",
        partner.id, config.id, config.as4.endpoint
    ));
    Ok(Exit::Wrong)
}

/// What to do about a call that failed at this step.
pub(crate) fn advice(step: &str) -> &'static str {
    match step {
        "address" => "the descriptor's address is malformed: ask the partner for a new descriptor",
        "connection" => {
            "nothing answers there: is the node up, is the address right, does a firewall stand between?"
        }
        "tls" => {
            "whoever answers is not who the descriptor names, or takes no stranger: compare the TLS certificates; \
                  the partner must know this node before it can connect"
        }
        "answer" => "it answers, but not as an access point: is the path of the address right?",
        "refused" => "it refuses us: it must know this node's descriptor, and its clock must be right",
        _ => "it answers, but its receipt does not prove what was sent: compare the signing certificates",
    }
}

/// When our running node was pinged last by a partner, in seconds; 0 where never, nothing where it does not run.
fn pinged(config: &Config, partner: &Descriptor) -> Option<f64> {
    if config.web.tls != Protection::Loopback {
        return None;
    }
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).build().into();
    let mut answer = agent.get(format!("http://{}/metrics", config.web.listen)).call().ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    let head = format!("sampan_partner_pinged_seconds{{partner=\"{}\"}} ", partner.id);
    let line = text.lines().find_map(|line| line.strip_prefix(&head));
    Some(line.and_then(|value| value.parse().ok()).unwrap_or_default())
}

/// Hands our descriptor to one partner or all.
pub(super) fn announce(dir: &Path, name: Option<&str>) -> anyhow::Result<Exit> {
    let (config, keys, note) = (Config::load(dir)?, Keys::load(dir)?, super::own_note(dir)?);
    let partners: Vec<Descriptor> = match name {
        Some(name) => vec![super::known(dir, name)?],
        None => {
            node::descriptor::load(dir)?.into_values().filter(|partner| partner.id != config.id).collect()
        }
    };
    let caller = Caller { us: &config.id, wallet: &keys.wallet, tls: &keys.tls };
    let runtime = runtime().context("cannot wait for sockets")?;
    let mut all = Exit::Sound;
    for partner in partners {
        match runtime.block_on(node::announce(caller, &partner, &note)) {
            Ok(took) => {
                output::line(format_args!("{}: taken, receipted in {} ms", partner.id, took.as_millis()));
            }
            Err(fault) => {
                all = Exit::Wrong;
                output::line(format_args!("{}: not taken, {fault}", partner.id));
            }
        }
    }
    Ok(all)
}

/// How long a ping in return is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
