//! Statements for a foreign verifier, and foreign statements judged: `credential make FOLDER`, `credential check DID LIST FILE`,
//! and, where its holder is to prove to be one, `credential check DID LIST FILE AUDIENCE NONCE`. Ends with 0 where the statement
//! stands, with 1 where it does not or nobody can say.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "this program is outside: it has files and says what it saw"
)]

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use ledger::credential::{
    Asked, Credential, IssuerKey, Judgement, Lists, Refused, Standing, StatusList, StatusPlace, Trusted,
    did_document, issue, issue_list, verify,
};
use serde_json::{Value, json};

const LIST: &str = "https://customs.example/statements/status/0";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => {
            make(Path::new(folder));
            ExitCode::SUCCESS
        }
        ["check", issuer, list, file] => check(issuer, list, file, None),
        ["check", issuer, list, file, audience, nonce] => {
            check(issuer, list, file, Some(Asked { audience, nonce }))
        }
        _ => panic!("credential make FOLDER | credential check DID LIST FILE [AUDIENCE NONCE]"),
    }
}

/// So many hours from now, in the form of credentials.
fn hours(count: i64) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let seconds = now + count * 3_600;
    // The calendar from a table of 400 years would be long; a day counted forward from 2026 is enough here.
    let (mut day, rest) = ((seconds - 1_767_225_600) / 86_400, seconds % 86_400);
    let mut year = 2026;
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while day >= 365 + i64::from(leap(year)) {
        day -= 365 + i64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let days = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while day >= days[month] {
        day -= days[month];
        month += 1;
    }
    format!(
        "{year}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        month + 1,
        day + 1,
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

fn make(folder: &Path) {
    let key = IssuerKey::from_secret("did:web:customs.example", [7; 32]);
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("did.json", &did_document(&key.did(), &key.public()).to_string());
    let list = StatusList::but([(8, Standing::Suspended), (9, Standing::Invalid)]);
    write("list.jwt", &issue_list(&list, LIST, &key, (&hours(-1), &hours(23))).unwrap());
    let credential = |index: u32, until: String| Credential {
        id: format!("urn:uuid:{index}"),
        kind: "AuthorisedOperator".into(),
        valid_from: hours(-2),
        valid_until: Some(until),
        subject: json!({"code": "AEOVN0301234567", "name": "Hòa Phát", "sites": ["VNHPH", "VNSGN"], "status": "active"}),
        hidden: vec!["name".into(), "sites".into()],
        status: Some(StatusPlace { list: LIST.into(), index }),
    };
    let issued = |index, until| issue(&credential(index, until), &key, &[9; 32]).unwrap();
    write("valid.txt", &issued(7, hours(24)).to_string());
    write("part.txt", &issued(7, hours(24)).without("name").to_string());
    write("suspended.txt", &issued(8, hours(24)).to_string());
    write("revoked.txt", &issued(9, hours(24)).to_string());
    write("expired.txt", &issued(7, hours(-1)).to_string());
}

fn check(issuer: &str, list: &str, file: &str, asked: Option<Asked<'_>>) -> ExitCode {
    let document = serde_json::from_str(&fs::read_to_string(issuer).unwrap()).unwrap();
    let trusted = Trusted::default().with_document(&document).unwrap();
    let now = hours(0);
    // A list that cannot be believed says nothing of anybody: what has its place there is of unknown standing.
    let (lists, unbelieved) = match list {
        "-" => (Lists::default(), None),
        path => match Lists::default().with(&fs::read_to_string(path).unwrap(), &trusted, &now) {
            Ok(lists) => (lists, None),
            Err(refused) => (Lists::default(), Some(refused)),
        },
    };
    let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    let verified = verify(&text, &trusted, &now);
    let verified = verified.and_then(|shown| match asked {
        Some(asked) => shown.holder.answers(asked, &now).map(|()| shown),
        None => Ok(shown),
    });
    let (mut told, stands) = match verified {
        Ok(shown) => {
            let judgement = lists.judge(&shown);
            let outcome = match judgement {
                Judgement::Unknown => "status unknown".to_owned(),
                known => format!("{known:?}"),
            };
            (json!({"outcome": outcome, "subject": shown.subject}), judgement == Judgement::Stands)
        }
        Err(refused) => (refusal(&refused), false),
    };
    if let Some(refused) = unbelieved {
        told["list"] = refusal(&refused);
    }
    println!("{told}");
    if stands { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn refusal(refused: &Refused) -> Value {
    json!({"code": refused.code, "seen": refused.seen})
}
