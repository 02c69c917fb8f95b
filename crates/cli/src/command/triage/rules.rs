//! The folder of rules a night is decided by.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use customs::parcel::shipped;
use customs::terms::{Lane, ListBook};
use jiff::SignedDuration;
use kernel::Digest;
use rust_decimal::Decimal;
use serde::Deserialize;
use target::select::Selection;
use target::triage::{Exchange, Quoted, Rules, Vague, Window};

use crate::command::profile::read_profiles;

/// Rules with the digest of all files they came from.
pub(crate) struct Night {
    pub(crate) rules: Rules,
    pub(crate) window: Window,
    pub(crate) digest: Digest,
    /// How soon what is handed over must be looked at.
    pub(crate) look_within: SignedDuration,
}

/// `triage.toml`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    country: Option<String>,
    /// Days of the splitting window.
    window_days: Option<i32>,
    /// Least parcels of a split order.
    window_parcels: Option<usize>,
    /// Control sample in parts per ten thousand, by lane.
    control: BTreeMap<Lane, u16>,
    /// Hours within which what is handed over must be looked at.
    look_within_hours: Option<i64>,
    /// The secret of the sample, 64 hexadecimal digits; without it, the digest of the rules.
    secret: Option<String>,
}

/// Reads the folder.
pub(crate) fn read(folder: &Path, country: Option<&str>) -> anyhow::Result<Night> {
    const FILES: [&str; 6] =
        ["profiles.json", "thresholds.json", "rates.csv", "duty.csv", "words.txt", "triage.toml"];
    let mut all = Vec::new();
    for name in FILES {
        all.extend_from_slice(name.as_bytes());
        all.extend(fs::read(folder.join(name)).unwrap_or_default());
    }
    let digest = Digest::of(&all);
    let text = |name: &str| -> anyhow::Result<Option<String>> {
        let path = folder.join(name);
        if path.exists() {
            Ok(Some(fs::read_to_string(&path).with_context(|| path.display().to_string())?))
        } else {
            Ok(None)
        }
    };
    let settings: Settings =
        text("triage.toml")?.map(|text| toml::from_str(&text)).transpose()?.unwrap_or_default();
    let profiles = if folder.join("profiles.json").exists() {
        read_profiles(&folder.join("profiles.json"))?
    } else {
        Vec::new()
    };
    let thresholds =
        text("thresholds.json")?.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_else(shipped);
    let secret = settings.secret.as_deref().and_then(Digest::parse).unwrap_or(digest);
    let mut control = BTreeMap::from([(Lane::Green, 50), (Lane::Yellow, 100)]);
    control.extend(settings.control);
    let rules = Rules {
        country: country.map(str::to_owned).or(settings.country).unwrap_or_else(|| "VN".into()),
        thresholds,
        exchange: Exchange::new(rows::<Quoted>(text("rates.csv")?.as_deref())?),
        duty: rows::<(String, Decimal)>(text("duty.csv")?.as_deref())?.into_iter().collect(),
        vague: text("words.txt")?.map_or_else(Vague::default, |text| Vague::new(text.lines())),
        selection: Selection::of(profiles, ListBook::default()),
        control,
        secret: *secret.as_bytes(),
    };
    let window =
        Window { days: settings.window_days.unwrap_or(3), parcels: settings.window_parcels.unwrap_or(2) };
    let look_within = SignedDuration::from_hours(settings.look_within_hours.unwrap_or(24));
    Ok(Night { rules, window, digest, look_within })
}

fn rows<T: serde::de::DeserializeOwned>(text: Option<&str>) -> anyhow::Result<Vec<T>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.context("a table of rules")).collect()
}
