//! `sampan doctor`: looks at a captured message, at a node's folder or at a partner, and says what to do.

mod partner;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use exchange::Limits;
use exchange::doctor::{DigestState, Examination, ReferenceState, Verdict, examine};
use node::config::Config;
use node::keys::Keys;
use serde_json::json;

use crate::exit::Exit;
use crate::output::{self, Format};

/// Looks at a captured message, or at a node's folder, and says what to do.
///
/// Example: sampan doctor verify captured.as4
#[derive(clap::Args)]
pub(crate) struct Doctor {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Checks a captured AS4 message or receipt on its own: 0 signature sound, 1 refused, 2 not readable.
    Verify {
        /// The captured bytes, with or without their HTTP header lines.
        file: PathBuf,
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Checks a node's folder: configuration, keys, certificates, partners.
    Node {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Checks a partner from here: clock, certificates, endpoint, TLS, suites, lanes; says what to do about each fault.
    Partner {
        /// The node's folder.
        dir: PathBuf,
        /// The partner's short name.
        name: String,
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

impl Doctor {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Verify { file, format } => verify(&file, format),
            What::Node { dir } => node(&dir),
            What::Partner { dir, name, format } => partner::look(&dir, &name, format),
        }
    }
}

fn verify(file: &Path, format: Format) -> anyhow::Result<Exit> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let seen = examine(&bytes, &Limits::default());
    let fault = seen.fault.as_ref().or(seen.remark.as_ref()).map(ToString::to_string);
    match format {
        Format::Json => output::json(&json!({
            "file": file, "verdict": format!("{:?}", seen.verdict).to_lowercase(), "kind": seen.kind.to_string(),
            "fault": fault,
            "signer": seen.signer.as_ref().map(|signer| json!({
                "subject": signer.subject.to_string(), "issuer": signer.issuer, "fingerprint": signer.fingerprint,
                "from": signer.not_before.to_string(), "until": signer.not_after.to_string(),
                "is_strong": signer.is_strong,
            })),
            "message_id": seen.message_id, "about": seen.ref_to,
            "references": seen.references.iter().map(reference).collect::<Vec<_>>(),
            "signed_info": String::from_utf8_lossy(&seen.signed_info),
        })),
        Format::Text => print(file, &seen, fault.as_deref()),
    }
    Ok(match seen.verdict {
        Verdict::Sound => Exit::Sound,
        Verdict::Refused => Exit::Wrong,
        Verdict::Unreadable => Exit::Failed,
    })
}

fn print(file: &Path, seen: &Examination, fault: Option<&str>) {
    output::line(format_args!(
        "{}: {:?} {} {}",
        file.display(),
        seen.verdict,
        seen.kind,
        fault.unwrap_or("")
    ));
    if let Some(signer) = &seen.signer {
        output::line(format_args!("  signed by {}, valid until {}", signer.subject, signer.not_after));
        output::line(format_args!("  its certificate has the fingerprint {}", signer.fingerprint));
    }
    for each in &seen.references {
        output::line(format_args!("  {}: {}", each.reference.uri, in_words(&each.state)));
        if let DigestState::Wrong { actual, octets, cause } = &each.state {
            output::line(format_args!("    signed digest   {}", each.reference.digest));
            output::line(format_args!("    digest now      {actual}"));
            output::line(format_args!("    likely cause    {}", cause.advice()));
            output::line(format_args!(
                "    digested octets {} bytes, from here to the next line of stars:",
                octets.len()
            ));
            output::line(format_args!("{}\n{STARS}", String::from_utf8_lossy(octets)));
        }
    }
    if signature_wrong(seen) {
        output::line(format_args!(
            "  the digests are right and the signature is not: over these {} octets another key signed, or other octets:",
            seen.signed_info.len()
        ));
        output::line(format_args!("{}\n{STARS}", String::from_utf8_lossy(&seen.signed_info)));
    }
}

/// Whether the signature value is what is wrong.
fn signature_wrong(seen: &Examination) -> bool {
    seen.fault.as_ref().is_some_and(|fault| fault.why == exchange::Why::SignatureWrong)
}

fn in_words(state: &DigestState) -> &'static str {
    match state {
        DigestState::Right => "as signed",
        DigestState::Wrong { .. } => "NOT as signed",
        DigestState::Encrypted => "encrypted, not looked into",
        DigestState::NotCaptured => "not in the capture",
    }
}

/// One signed thing for programs: the exact octets come in base64, since they may be of any kind.
fn reference(each: &ReferenceState) -> serde_json::Value {
    let mut said = json!({
        "uri": each.reference.uri, "state": in_words(&each.state), "signed_digest": each.reference.digest,
    });
    if let DigestState::Wrong { actual, octets, cause } = &each.state {
        said["actual_digest"] = json!(actual);
        said["cause"] = json!(cause);
        said["advice"] = json!(cause.advice());
        said["octets"] = json!(output::base64(octets));
    }
    said
}

const STARS: &str = "****************************************";

fn node(dir: &Path) -> anyhow::Result<Exit> {
    let mut sound = true;
    let mut say = |what: &str, checked: Result<String, String>| match checked {
        Ok(seen) => output::line(format_args!("ok    {what}: {seen}")),
        Err(why) => {
            sound = false;
            output::line(format_args!("wrong {what}: {why}"));
        }
    };
    let config = Config::load(dir);
    say("configuration", config.as_ref().map(|config| config.id.to_string()).map_err(ToString::to_string));
    let keys = Keys::load(dir);
    say("keys", keys.as_ref().map(|_| "all there".to_owned()).map_err(ToString::to_string));
    if let Ok(keys) = &keys {
        let until = keys.identity.certificate().not_after();
        let expired = until < jiff::Timestamp::now();
        say(
            "signing certificate",
            if expired { Err(format!("expired {until}")) } else { Ok(format!("until {until}")) },
        );
    }
    let partners = node::descriptor::load(dir);
    say("partners", partners.map(|partners| partners.len().to_string()).map_err(|error| error.to_string()));
    Ok(Exit::sound_if(sound))
}
