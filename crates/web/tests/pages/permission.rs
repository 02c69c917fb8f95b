//! Who may ask what: every address, every role, every form; and the printed table of it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use customs::roles::{ALL, INSIDE};
use web::{Endpoint, May, Method, endpoints, endpoints_by_area};

use crate::browser::{Browser, pages};
use crate::harbour::Harbour;

/// An address with its names filled in by something that may or may not be there.
fn filled(endpoint: &Endpoint) -> String {
    let mut path = String::new();
    for part in endpoint.path.split('/').skip(1) {
        let value = match part {
            "{*number}" => crate::harbour::morning::SHORT,
            "{*case}" => "consignment/1",
            "{*id}" => "ACDD-TH-VN",
            "{number}" => "0",
            "{code}" if endpoint.path.starts_with("/language") => "en",
            "{code}" => "no-live-term",
            "{name}" => "style.css",
            "{what}" => "payload",
            "{digest}" => "0",
            "{desk}" => "obligation",
            "{act}" => "open",
            "{*key}" => "1",
            "{*lane}" => "TH-VN%20acdd",
            plain => plain,
        };
        let _ = write!(path, "/{value}");
    }
    path
}

#[tokio::test]
async fn a_stranger_comes_no_further_than_the_addresses_that_are_for_anyone() {
    let router = pages(&Arc::new(Harbour::empty()));
    for endpoint in endpoints().filter(|endpoint| endpoint.may != May::Anyone) {
        let mut stranger = Browser::new(&router);
        let answer = match endpoint.method {
            Method::Get => stranger.get(&filled(endpoint)).await,
            Method::Post => stranger.post(&filled(endpoint), &[]).await,
        };
        let turned_away = match endpoint.may {
            May::Programs(_) => answer.status == 401,
            _ => answer.status == 303 && answer.location.starts_with("/sign-in"),
        };
        assert!(turned_away, "{} {}: {}", endpoint.method, endpoint.path, answer.status);
    }
}

#[tokio::test]
async fn every_role_opens_what_is_for_it_and_nothing_else() {
    let router = pages(&Arc::new(Harbour::empty()));
    for role in ALL {
        let mut browser = Browser::signed_in(&router, role.as_str()).await;
        let pages = endpoints().filter(|endpoint| matches!(endpoint.may, May::Roles(_) | May::SignedIn));
        for endpoint in pages.filter(|endpoint| endpoint.method == Method::Get && endpoint.path != "/events")
        {
            let answer = browser.get(&filled(endpoint)).await;
            let closed = answer.status == 403;
            assert_eq!(closed, !endpoint.may.allows(&role), "{role} {}: {}", endpoint.path, answer.status);
        }
    }
}

#[tokio::test]
async fn nothing_is_changed_by_a_form_that_did_not_come_from_a_page_of_ours() {
    let router = pages(&Arc::new(Harbour::empty()));
    for role in ALL {
        let mut browser = Browser::signed_in(&router, role.as_str()).await;
        let forms = endpoints().filter(|endpoint| endpoint.method == Method::Post);
        for endpoint in
            forms.filter(|endpoint| !matches!(endpoint.may, May::Programs(_)) && endpoint.may.allows(&role))
        {
            for token in ["", "0000000000000000000000000000000000000000000000000000000000000000"] {
                let answer = browser.post(&filled(endpoint), &[("form_token", token)]).await;
                assert_eq!(answer.status, 400, "{role} {}", endpoint.path);
            }
        }
    }
}

#[test]
fn no_address_is_listed_twice_and_every_role_named_is_one() {
    let mut seen: Vec<_> = endpoints().map(|endpoint| (endpoint.path, endpoint.method)).collect();
    seen.sort_unstable();
    let listed = seen.len();
    seen.dedup();
    assert_eq!(seen.len(), listed);
    for endpoint in endpoints() {
        if let May::Roles(roles) | May::Programs(roles) = endpoint.may {
            assert!(!roles.is_empty() && roles.iter().all(|role| ALL.contains(role)), "{}", endpoint.path);
        }
    }
}

/// The tables are a promise to the reviewer: a change is a diff somebody reads. `SAMPAN_BLESS=1` writes them.
#[test]
fn the_printed_tables_of_addresses_and_permissions_are_up_to_date() {
    for (area, endpoints) in endpoints_by_area().filter(|(_, endpoints)| !endpoints.is_empty()) {
        let mut table = format!("# {area}: address | who may ask\n");
        for endpoint in endpoints {
            let _ =
                writeln!(table, "{:4} {:32} {}", endpoint.method.to_string(), endpoint.path, endpoint.may);
        }
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/tables/endpoints/{area}.out"));
        if std::env::var_os("SAMPAN_BLESS").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
            std::fs::write(&file, &table).expect("the table is written");
        }
        let printed = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(printed, table, "run the test with SAMPAN_BLESS=1 and read the difference");
    }
}

#[tokio::test]
async fn the_cases_of_a_desk_open_for_its_readers_and_nobody_else() {
    let router = pages(&Arc::new(Harbour::empty()));
    for role in ALL {
        let mut browser = Browser::signed_in(&router, role.as_str()).await;
        for desk in customs::desks::DESKS {
            // Who is not of the administration sees its own on pages made for that.
            let allowed = INSIDE.contains(&role) && desk.readers().contains(&role);
            let list = browser.get(&format!("/cases/{}", desk.name())).await.status;
            assert_eq!(list, if allowed { 200 } else { 403 }, "{role} {}", desk.name());
            let one = browser.get(&format!("/cases/{}/nobody-has-it", desk.name())).await.status;
            assert_eq!(one, if allowed { 404 } else { 403 }, "{role} {}", desk.name());
            for line in desk.table().iter().filter(|line| line.stage == "-") {
                let opens = INSIDE.contains(&role) && desk.offers(None, &role).contains(&line.act);
                let form = browser.get(&format!("/new/{}/{}", desk.name(), line.act)).await.status;
                assert_eq!(form, if opens { 200 } else { 403 }, "{role} {} {}", desk.name(), line.act);
            }
        }
    }
}
