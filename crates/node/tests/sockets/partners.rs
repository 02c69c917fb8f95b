//! Partners while nodes run: added beside them, pinged both ways, renewed by their own announcement and by nothing else.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use kernel::NodeId;
use node::config::{Clients, Config};
use node::{CallFault, Caller, Descriptor, Keys, Return};

use crate::place::{Side, two};

/// Calls from one side's folder, as the command line does beside a running node.
async fn call(from: &Side, note: Option<&str>, to: &Descriptor) -> Result<Duration, CallFault> {
    let (config, keys) = (Config::load(from.folder.path()).expect("set up"), keys_of(from));
    let caller = Caller { us: &config.id, wallet: &keys.wallet, tls: &keys.tls };
    match note {
        Some(note) => node::announce(caller, to, note).await,
        None => node::ping(caller, to, Return::Asked).await,
    }
}

fn keys_of(side: &Side) -> Keys {
    Keys::load(side.folder.path()).expect("keys")
}

fn descriptor_of(side: &Side) -> Descriptor {
    Descriptor::open(&side.descriptor).expect("signed")
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_added_beside_a_running_node_is_known_to_it_and_pings_go_both_ways() {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    th.start().await;
    vn.start().await;
    let fault = call(&th, None, &descriptor_of(&vn)).await.expect_err("a stranger");
    assert!(["tls", "answer", "refused"].contains(&fault.step), "{fault}");
    th.knows(&vn);
    vn.knows(&th);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    call(&th, None, &descriptor_of(&vn)).await.expect("receipted");
    let (seen, vn_id) = (th.handle().clone(), NodeId::new("VN"));
    until("the ping in return arrives", || seen.contact(&vn_id).pinged.is_some()).await;
    assert!(vn.handle().contact(&NodeId::new("TH")).pinged.is_some());
    assert!(th.cases("received").await.is_empty(), "a ping is never delivered");
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_descriptor_under_the_same_record_key_is_taken_and_nothing_else() {
    let (mut th, mut vn) = two();
    th.start().await;
    vn.start().await;
    let (config, keys) = (Config::load(th.folder.path()).expect("set up"), keys_of(&th));
    let later = Descriptor { name: "Renamed".into(), ..Descriptor::of(&config, &keys, Timestamp::now()) };
    let later_note = later.sign(&keys.record).expect("signed");
    let known = || vn.handle().descriptor(&NodeId::new("TH")).expect("a partner");
    call(&th, Some(&later_note), &descriptor_of(&vn)).await.expect("taken");
    assert_eq!(known().name, "Renamed");
    call(&th, Some(&th.descriptor), &descriptor_of(&vn)).await.expect("receipted, since it is known");
    assert_eq!(known().name, "Renamed", "an earlier one never comes back");
    let stranger = Side::new("TH");
    let forged = call(&th, Some(&stranger.descriptor), &descriptor_of(&vn)).await.expect_err("another key");
    assert_eq!(forged.step, "refused", "{forged}");
    assert_eq!(known().record, later.record);
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_gives_out_its_descriptor_to_whoever_asks() {
    let mut vn = Side::open_to(Clients::Any, "VN");
    vn.start().await;
    let address = descriptor_of(&vn).endpoint.replace("/as4", "/descriptor");
    assert_eq!(node::fetch(&address).await.expect("fetched"), vn.descriptor);
    assert_eq!(node::fetch(&address.replace("https", "http")).await.expect_err("in clear").step, "address");
    vn.stop().await;
}
