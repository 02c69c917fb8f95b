//! `sampan credential`: statements that strangers can check, made and checked from files alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use jiff::Timestamp;
use kernel::CaseId;
use ledger::credential::{
    Asked, Credential, Holder, Judgement, Lists, Refused, Shown, Trusted, issue, verify,
};
use node::statements::{Others, Voice, issue_for, others, status_list};
use serde_json::{Value, json};

use super::folder;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Statements that strangers can check: made of a case or a file, and checked, with the issuer's key and status list.
#[derive(clap::Args)]
pub(crate) struct CredentialCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the signed statement of a case of a node: a certificate of ours, a trusted trader, a transit movement.
    ///
    /// Example: sampan credential issue nodes/vn operator/hoa-phat > hoa-phat.sd-jwt
    Issue(Issue),
    /// Checks statements: signature, disclosures, time, and whether the issuer took them back. Ends with 0 where all hold, 1
    /// where one does not or nobody can say, 2 where one is not readable.
    ///
    /// Example: sampan credential check hoa-phat.sd-jwt --issuer did.json --list status.jwt
    Check(Check),
    /// Prints the document strangers find a node's key in.
    ///
    /// Example: sampan credential key nodes/vn > did.json
    Key {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Prints a node's signed status list.
    ///
    /// Example: sampan credential list nodes/vn > status.jwt
    List {
        /// The node's folder.
        dir: PathBuf,
        /// The list's number.
        #[arg(default_value_t = 0)]
        number: u64,
    },
}

#[derive(clap::Args)]
struct Issue {
    /// The node's folder.
    dir: PathBuf,
    /// The case, such as `issuance/form-d-VN-D-1`.
    #[arg(required_unless_present = "say", conflicts_with = "say")]
    case: Option<String>,
    /// A JSON object to be said instead; it has no place in a status list and only runs out.
    #[arg(long, requires = "kind")]
    say: Option<PathBuf>,
    /// What kind of statement that is.
    #[arg(long)]
    kind: Option<String>,
    /// Members of it that its holder may keep back.
    #[arg(long = "hide", value_delimiter = ',')]
    hidden: Vec<String>,
    /// Until when it holds, such as 2027-01-01T00:00:00Z.
    #[arg(long)]
    until: Option<Timestamp>,
    /// Prints the address for a square instead, which opens the page that checks it.
    #[arg(long)]
    square: bool,
}

#[derive(clap::Args)]
struct Check {
    /// Files with statements; `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// DID documents of issuers that are believed.
    #[arg(long = "issuer")]
    issuers: Vec<PathBuf>,
    /// Status lists.
    #[arg(long = "list")]
    lists: Vec<PathBuf>,
    /// A folder of both: `*.json` and `*.jwt`.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The reader whoever shows a statement must have proved to be its holder to.
    #[arg(long, requires = "nonce")]
    audience: Option<String>,
    /// What the holder was asked to repeat in that proof.
    #[arg(long, requires = "audience")]
    nonce: Option<String>,
    /// The moment it is judged at; now where none is given.
    #[arg(long)]
    at: Option<Timestamp>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl CredentialCommand {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.command {
            Command::Issue(issue) => issue.run(),
            Command::Check(check) => check.run(),
            Command::Key { dir } => {
                output::json(&Voice::of(&dir)?.document());
                Ok(Exit::Sound)
            }
            Command::List { dir, number } => {
                let (voice, look) = (Voice::of(&dir)?, folder::look(&dir)?);
                let list = status_list(&*look, &voice, number, Timestamp::now())?;
                output::line(list.with_context(|| format!("there is no list {number} yet"))?);
                Ok(Exit::Sound)
            }
        }
    }
}

impl Issue {
    fn run(self) -> anyhow::Result<Exit> {
        let voice = Voice::of(&self.dir)?;
        let mut seed = [0; 32];
        aws_lc_rs::rand::fill(&mut seed).map_err(|_| anyhow!("the machine gives no randomness"))?;
        let text = match (&self.case, &self.say) {
            (Some(case), _) => of_case(&self.dir, &voice, case, &seed)?,
            (None, Some(say)) => self.of_file(&voice, say, &seed)?,
            (None, None) => anyhow::bail!("neither a case nor a file"),
        };
        if self.square {
            output::line(format_args!("{}/check/document#{text}", voice.address));
        } else {
            output::line(text);
        }
        Ok(Exit::Sound)
    }

    fn of_file(&self, voice: &Voice, say: &Path, seed: &[u8; 32]) -> anyhow::Result<String> {
        let subject = std::fs::read(say).with_context(|| format!("cannot read {}", say.display()))?;
        let subject: Value =
            serde_json::from_slice(&subject).with_context(|| format!("{} is no JSON", say.display()))?;
        let second = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let credential = Credential {
            id: format!("{}/statements/said/{}", voice.address, kernel::Digest::of(seed).short()),
            kind: self.kind.clone().unwrap_or_default(),
            valid_from: second(Timestamp::now()),
            valid_until: self.until.map(second),
            subject,
            hidden: self.hidden.clone(),
            status: None,
        };
        Ok(issue(&credential, &voice.key, seed)?.to_string())
    }
}

fn of_case(dir: &Path, voice: &Voice, case: &str, seed: &[u8; 32]) -> anyhow::Result<String> {
    let case = CaseId::new(case);
    let row = folder::look(dir)?.case(&case)?.with_context(|| format!("there is no case {case}"))?;
    let issued = issue_for(voice, &row, seed)?;
    issued.with_context(|| format!("nothing can be stated of {case} as it stands ({})", row.summary.stage))
}

impl Check {
    fn run(self) -> anyhow::Result<Exit> {
        let at = self.at.unwrap_or_else(Timestamp::now);
        let now = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let (trusted, lists) = self.known(&now)?;
        let mut worst = Exit::Sound;
        for path in &self.files {
            let text = read(path)?;
            let verified = self.verified(&text, &trusted, &now);
            let outcome = Outcome::of(&verified, &lists);
            match self.format {
                Format::Text => print_text(path, &verified, outcome),
                Format::Json => print_json(path, &verified, outcome),
            }
            worst = match (worst, outcome) {
                (Exit::Failed, _) | (_, Outcome::Unreadable) => Exit::Failed,
                (worst, Outcome::Holds) => worst,
                _ => Exit::Wrong,
            };
        }
        Ok(worst)
    }

    /// The statement, whose holder proved to be one where that is asked for.
    fn verified(&self, text: &str, trusted: &Trusted, now: &str) -> Result<Shown, Refused> {
        let shown = verify(text, trusted, now)?;
        if let (Some(audience), Some(nonce)) = (&self.audience, &self.nonce) {
            shown.holder.answers(Asked { audience, nonce }, now)?;
        }
        Ok(shown)
    }

    /// Whom to believe, and their lists that can be believed; the others are named and left out.
    fn known(&self, now: &str) -> anyhow::Result<(Trusted, Lists)> {
        let mut known = self.folder.as_deref().map(others).unwrap_or_default();
        for path in &self.issuers {
            let document = serde_json::from_str(&read(path)?);
            known.documents.push(document.with_context(|| format!("{} is no JSON", path.display()))?);
        }
        for path in &self.lists {
            known.lists.push(read(path)?.trim().to_owned());
        }
        let Others { documents, lists: tokens } = known;
        let trusted = documents
            .iter()
            .try_fold(Trusted::default(), |trusted, document| trusted.with_document(document))?;
        let mut lists = Lists::default();
        for token in tokens {
            match lists.clone().with(&token, &trusted, now) {
                Ok(more) => lists = more,
                Err(refused) => output::say(format_args!("a status list is not believed: {refused}")),
            }
        }
        Ok((trusted, lists))
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Holds,
    Suspended,
    TakenBack,
    StatusUnknown,
    NotBelieved,
    Unreadable,
}

impl Outcome {
    fn of(verified: &Result<Shown, Refused>, lists: &Lists) -> Self {
        let shown = match verified {
            Ok(shown) => shown,
            Err(refused) if refused.code == "credential-unreadable" => return Self::Unreadable,
            Err(_) => return Self::NotBelieved,
        };
        match lists.judge(shown) {
            Judgement::Stands => Self::Holds,
            Judgement::Suspended => Self::Suspended,
            Judgement::TakenBack => Self::TakenBack,
            Judgement::Unknown => Self::StatusUnknown,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Suspended => "suspended",
            Self::TakenBack => "taken-back",
            Self::StatusUnknown => "status-unknown",
            Self::NotBelieved => "not-believed",
            Self::Unreadable => "unreadable",
        }
    }
}

fn print_text(path: &Path, verified: &Result<Shown, Refused>, outcome: Outcome) {
    let name = path.display();
    match verified {
        Err(refused) => output::line(format_args!("{name}: {} {refused}", outcome.word())),
        Ok(shown) => {
            let until = shown.valid_until.as_deref().unwrap_or("-");
            output::line(format_args!(
                "{name}: {} {} by {}, from {} until {until}, {} kept back",
                outcome.word(),
                shown.kind,
                shown.issuer,
                shown.valid_from,
                shown.kept_back
            ));
            output::line(format_args!("{name}: {}", shown.subject));
        }
    }
}

fn print_json(path: &Path, verified: &Result<Shown, Refused>, outcome: Outcome) {
    let mut told = json!({ "file": path, "outcome": outcome.word() });
    match verified {
        Err(refused) => {
            told["code"] = json!(refused.code);
            told["seen"] = json!(refused.seen);
        }
        Ok(shown) => {
            let places: Vec<Value> = shown
                .status
                .iter()
                .map(|place| json!({ "list": place.list, "index": place.index }))
                .collect();
            let said = json!({
                "issuer": shown.issuer, "kind": shown.kind, "id": shown.id, "subject": shown.subject,
                "kept_back": shown.kept_back, "valid_from": shown.valid_from, "valid_until": shown.valid_until, "status": places,
                "holder": holder(&shown.holder),
            });
            if let (Some(told), Value::Object(said)) = (told.as_object_mut(), said) {
                told.extend(said);
            }
        }
    }
    output::json(&told);
}

fn holder(holder: &Holder) -> Value {
    match holder {
        Holder::Anybody => json!("anybody"),
        Holder::Unproved => json!("unproved"),
        Holder::Proved(binding) => {
            json!({ "audience": binding.audience, "nonce": binding.nonce, "made": Timestamp::from_second(binding.made).ok() })
        }
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let said = || format!("cannot read {}", path.display());
    if path == Path::new("-") {
        std::io::stdin().lock().take(BYTES_MAX).read_to_end(&mut bytes).with_context(said)?;
    } else {
        std::fs::File::open(path)
            .with_context(said)?
            .take(BYTES_MAX)
            .read_to_end(&mut bytes)
            .with_context(said)?;
    }
    // What is no text is no statement, and is said to be unreadable with the others.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The most of a file that is read.
const BYTES_MAX: u64 = 8 << 20;
