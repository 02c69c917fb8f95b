//! `sampan transit`: messages judged as an office would, numbers, declarations and arrivals lodged, guarantees asked.

mod simulate;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use customs::transit::{
    Departure, Guarantee, Spoken, check_digit, country_of, grn, grn_is_sound, is_mrn_shape, mrn_is_sound,
    mrn_of,
};
use formats::transit::{Intake, NotTaken, intake, rules, says};
use formats::{Checked, Verdict};
use kernel::CaseId;
use serde_json::json;

use crate::client::Done;
use crate::command::{act, running};
use crate::exit::Exit;
use crate::output::{self, Format};

/// Customs transit: judging messages, numbers, declarations, arrivals, guarantees. Judging and numbers need no node.
#[derive(clap::Args)]
pub(crate) struct Transit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judges messages as the office that receives them would: broken conditions and rules are errors.
    ///
    /// Example: sampan transit check declaration.xml --format json
    Check {
        /// Files to judge.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Says what a condition or rule says, with examples; without a number, lists all.
    ///
    /// Example: sampan transit rule C0085
    Rule {
        /// Its number.
        id: Option<String>,
    },
    /// Movement and guarantee numbers.
    #[command(subcommand)]
    Mrn(Mrn),
    /// Lodges a principal's message with a running node: 013, 014, 015, 044, 054, 141 or 170.
    ///
    /// Example: sampan transit declare nodes/vn declaration.xml
    Declare {
        /// The node's folder.
        dir: PathBuf,
        /// The message.
        file: PathBuf,
    },
    /// Notifies an arrival to a running node (007).
    ///
    /// Example: sampan transit arrive nodes/th arrival.xml
    Arrive {
        /// The node's folder.
        dir: PathBuf,
        /// The message.
        file: PathBuf,
    },
    /// Guarantees.
    #[command(subcommand)]
    Guarantee(Ask),
    /// Prints the accompanying document with its list of items as a PDF, from a node's folder.
    ///
    /// Example: sampan transit tad nodes/vn 26VN001234ABCDEFJ0 --out tad.pdf
    Tad {
        /// The node's folder.
        dir: PathBuf,
        /// The movement.
        mrn: String,
        /// Where to.
        #[arg(long)]
        out: PathBuf,
        /// Its language: en or vi.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Checks what the square of an accompanying document says against the record key of the country of departure.
    ///
    /// Example: sampan transit statement square.txt --key VN+1a2b3c4d+AXk...
    Statement {
        /// A file with what a scanner read.
        file: PathBuf,
        /// The key, as the country's descriptor has it.
        #[arg(long)]
        key: String,
    },
    /// Plays whole journeys through three countries from seeds, with loss, doubling, disorder, skewed clocks and crashes.
    ///
    /// Example: sampan transit simulate --seeds 10000
    Simulate(simulate::Simulate),
}

#[derive(Subcommand)]
enum Mrn {
    /// Checks numbers: shape and check digit. Ends with 1 where one is unsound.
    ///
    /// Example: sampan transit mrn check 24GB0002463CTPQVJ0
    Check {
        /// Movement or guarantee numbers.
        #[arg(required = true)]
        numbers: Vec<String>,
    },
    /// Makes the number a declaration gets, or with --serial a guarantee's.
    ///
    /// Example: sampan transit mrn generate VN001234 --holder VN0100109106 --lrn TL-2026-1
    Generate {
        /// The office.
        office: String,
        /// The principal.
        #[arg(long, default_value = "")]
        holder: String,
        /// The principal's own number.
        #[arg(long, default_value = "")]
        lrn: String,
        /// The security data: 0 none, 1 entry, 2 exit, 3 both.
        #[arg(long, default_value = "0")]
        security: String,
        /// The year; this one where none is given.
        #[arg(long)]
        year: Option<i16>,
        /// Makes a guarantee's number instead, the one of this count.
        #[arg(long)]
        serial: Option<u64>,
    },
}

#[derive(Subcommand)]
enum Ask {
    /// What a guarantee covers now, read from a node's folder.
    ///
    /// Example: sampan transit guarantee query nodes/vn 26VN012340000001B5
    Query {
        /// The node's folder.
        dir: PathBuf,
        /// The guarantee's number.
        grn: String,
    },
}

impl Transit {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.command {
            Command::Check { files, format } => check(&files, format),
            Command::Rule { id } => rule(id.as_deref()),
            Command::Mrn(command) => command.run(),
            Command::Declare { dir, file } | Command::Arrive { dir, file } => lodge(&dir, &file),
            Command::Guarantee(Ask::Query { dir, grn }) => query(&dir, &grn),
            Command::Tad { dir, mrn, out, language } => tad(&dir, &mrn, &out, &language),
            Command::Statement { file, key } => statement(&file, &key),
            Command::Simulate(command) => command.run(),
        }
    }
}

fn check(files: &[PathBuf], format: Format) -> anyhow::Result<Exit> {
    let mut sound = true;
    for path in files {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let checked = formats::judge(&bytes);
        sound &= checked.verdict == Verdict::Clean;
        match format {
            Format::Json => output::json(
                &json!({ "file": path, "verdict": checked.verdict, "findings": checked.findings }),
            ),
            Format::Text => print(path, &checked),
        }
    }
    Ok(Exit::sound_if(sound))
}

fn print(path: &Path, checked: &Checked) {
    let said = serde_json::to_value(checked.verdict).unwrap_or_default();
    output::line(format_args!("{}: {}", path.display(), said.as_str().unwrap_or_default()));
    for finding in &checked.findings {
        output::line(format_args!("  {finding}"));
        if let Some(said) = says(&finding.expected) {
            output::line(format_args!("    {said}"));
        }
    }
}

fn rule(id: Option<&str>) -> anyhow::Result<Exit> {
    let mut found = false;
    for said in rules().into_iter().filter(|said| id.is_none_or(|id| said.id == id)) {
        found = true;
        output::line(format_args!("{} {}", said.id, said.says));
        if id.is_some() {
            said.good.iter().for_each(|text| output::line(format_args!("  keeps   {text}")));
            said.bad.iter().for_each(|text| output::line(format_args!("  breaks  {text}")));
        }
    }
    Ok(Exit::sound_if(found))
}

impl Mrn {
    fn run(self) -> anyhow::Result<Exit> {
        match self {
            Self::Check { numbers } => {
                let mut sound = true;
                for number in &numbers {
                    let kind = if number.len() == 18 { "movement" } else { "guarantee" };
                    let good = if number.len() == 18 {
                        is_mrn_shape(number, "JKLM") && mrn_is_sound(number)
                    } else {
                        grn_is_sound(number)
                    };
                    sound &= good;
                    let body = number.get(..number.len().min(18).saturating_sub(1)).unwrap_or_default();
                    let wanted =
                        check_digit(body).map_or_else(String::new, |digit| format!(", the digit is {digit}"));
                    let verdict = if good { "sound" } else { "not sound" };
                    let country = country_of(number.get(2..).unwrap_or_default());
                    output::line(format_args!("{} {verdict}: {kind} of {country}{wanted}", Spoken(number)));
                }
                Ok(Exit::sound_if(sound))
            }
            Self::Generate { office, holder, lrn, security, year, serial } => {
                let year =
                    year.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year());
                let number = match serial {
                    Some(serial) => grn(year, &office, serial),
                    None => mrn_of(year, &office, (&holder, &lrn), &security),
                };
                let Some(number) = number else {
                    bail!("{office} is no office: country, then six letters or digits")
                };
                output::line(number);
                Ok(Exit::Sound)
            }
        }
    }
}

fn lodge(dir: &Path, file: &Path) -> anyhow::Result<Exit> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let Intake { code, cases, act: wanted, .. } = match intake(&bytes, day) {
        Ok(taken) => taken,
        Err(NotTaken { findings }) => {
            findings.iter().for_each(|finding| output::line(format_args!("  {finding}")));
            return Ok(Exit::Wrong);
        }
    };
    let case: &CaseId = cases.first().context("the message names no movement")?;
    let client = running::client(dir)?;
    match client.act(&act::fresh(case.as_str()), case, &wanted)? {
        Done::Taken => output::line(format_args!("{code} taken: {case}")),
        Done::Refused(refusal) => {
            output::line(format_args!("{code} refused: {refusal}"));
            return Ok(Exit::Wrong);
        }
    }
    Ok(Exit::Sound)
}

fn query(dir: &Path, number: &str) -> anyhow::Result<Exit> {
    let look = crate::command::folder::look(dir)?;
    let row = look.case(&Guarantee::case_of(number))?;
    let Some(row) = row else {
        output::line("G01: not registered here");
        return Ok(Exit::Wrong);
    };
    let guarantee = row.state.read::<Guarantee>().context("the guarantee cannot be read")?;
    let registered = guarantee.registered();
    output::json(&json!({
        "grn": number, "kind": registered.map(|it| it.kind), "amount": registered.and_then(|it| it.amount),
        "currency": registered.map(|it| &it.currency), "exposure": guarantee.exposure(), "usages": guarantee.usages(),
    }));
    Ok(Exit::Sound)
}

fn tad(dir: &Path, mrn: &str, out: &Path, language: &str) -> anyhow::Result<Exit> {
    let row = crate::command::folder::look(dir)?.case(&Departure::case_of(mrn))?;
    let row = row.with_context(|| format!("{mrn} does not depart here"))?;
    let departure = row.state.read::<Departure>().context("the movement cannot be read")?;
    let Some(statement) = web::statement(&departure) else {
        output::line(format_args!("{mrn} is {}: its document is not printed", row.summary.stage));
        return Ok(Exit::Wrong);
    };
    let keys = node::keys::Keys::load(dir)?;
    let signed = node::keys::vouch(&keys.record, &statement)?;
    let language = web::Language::of(language).context("no such language")?;
    let config = node::Config::load(dir)?;
    let printed = web::print_accompanying(&departure, &config.name, language, &signed)?;
    std::fs::write(out, printed.context("it is not printed")?)
        .with_context(|| format!("cannot write {}", out.display()))?;
    output::line(format_args!("{}", out.display()));
    Ok(Exit::Sound)
}

/// Checks what the square of a document says against the key of the country of departure.
fn statement(file: &Path, key: &str) -> anyhow::Result<Exit> {
    let mut bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    // Scanners drop or add ends of line.
    while bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    bytes.push(b'\n');
    let note = ledger::Note::parse(&bytes)?;
    let key: ledger::VerifierKey = key.parse()?;
    let signature = note.signatures().iter().find(|signature| key.is_named_by(signature));
    let sound = signature.is_some_and(|signature| key.check(note.text(), signature).is_ok());
    output::line(note.text().trim_end());
    output::line(if sound { "signed by the key" } else { "not signed by the key" });
    Ok(Exit::sound_if(sound))
}
