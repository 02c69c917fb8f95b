//! Lists of revoked certificates, fetched from where the certificates say they are.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use exchange::Certificate;
use exchange::Suite;
use exchange::certificate::{Addresses, Request, Subject, Usage, issue_with, revoke, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use jiff::{SignedDuration, Timestamp};
use node::Descriptor;
use node::config::Config;
use node::keys::{self, Keys};

use crate::place::{Side, agreement, two};
use crate::wire::share;

/// An authority with the list it publishes.
struct Authority {
    key: PrivateKey,
    certificate: Certificate,
    list: Arc<Mutex<Vec<u8>>>,
    address: String,
}

impl Authority {
    async fn new() -> Self {
        let key = PrivateKey::generate(KeyKind::P256).expect("a key");
        let request = request("authority", key.public_key_info().expect("public"), Usage::Authority);
        let certificate = self_signed(&request, &key).expect("issued");
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/list.crl", socket.local_addr().expect("an address"));
        let authority = Self { key, certificate, list: Arc::default(), address };
        authority.publishes(&[]);
        let list = Arc::clone(&authority.list);
        let router = axum::Router::new().route(
            "/list.crl",
            axum::routing::get(move || async move { list.lock().expect("whole").clone() }),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let service = hyper_util::service::TowerToHyperService::new(router.clone());
                let serving = hyper::server::conn::http1::Builder::new()
                    .serve_connection(hyper_util::rt::TokioIo::new(stream), service);
                // Whoever asked and went is no fault here.
                tokio::spawn(async move { drop(serving.await) });
            }
        });
        authority
    }

    /// The list from now on.
    fn publishes(&self, revoked: &[&Certificate]) {
        let now = whole(Timestamp::now());
        let times = (now - SignedDuration::from_hours(1), now + SignedDuration::from_hours(24));
        let list = revoke(revoked, times, &self.certificate, &self.key).expect("a list");
        *self.list.lock().expect("whole") = list;
    }

    /// Certifies the key a side signs with, and has it use that certificate.
    fn certifies(&self, side: &mut Side) -> Certificate {
        let own = Keys::load(side.folder.path()).expect("keys");
        let key = own.identity.certificate().public_key_info_der();
        let addresses = Addresses { lists: vec![self.address.clone()], online: Vec::new() };
        let request = request("node", key, Usage::Signing);
        let leaf = issue_with(&request, &addresses, &self.certificate, &self.key).expect("issued");
        let chain = leaf.to_pem() + &self.certificate.to_pem();
        keys::install(side.folder.path(), Suite::Edelivery2, &chain).expect("it is for our key");
        let (config, keys) = (
            Config::load(side.folder.path()).expect("a configuration"),
            Keys::load(side.folder.path()).expect("keys"),
        );
        let note = node::init::describe(side.folder.path(), &config, &keys, Timestamp::now());
        side.descriptor = note.expect("described");
        leaf
    }
}

fn request(name: &str, public_key_info: Vec<u8>, usage: Usage) -> Request {
    Request {
        subject: Subject { country: "TH".into(), organisation: "Test".into(), common_name: name.into() },
        public_key_info,
        usage,
        not_before: whole(Timestamp::now()) - SignedDuration::from_hours(1),
        not_after: whole(Timestamp::now()) + SignedDuration::from_hours(24 * 30),
    }
}

fn whole(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).expect("a moment")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_fetched_from_where_the_certificate_says_and_what_it_revokes_is_refused() {
    let authority = Authority::new().await;
    let (mut th, mut vn) = two();
    let leaf = authority.certifies(&mut th);
    assert_eq!(leaf.revocation_addresses().lists, std::slice::from_ref(&authority.address));
    vn.knows(&th);
    assert!(Descriptor::open(&th.descriptor).expect("signed").signing_certificates().contains(&leaf));
    let standing = vn.folder.path().join("partners/TH");
    std::fs::create_dir_all(&standing).expect("a folder");
    std::fs::write(standing.join("authority.pem"), authority.certificate.to_pem()).expect("written");
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    fetched(&standing).await;
    share(&th, 1).await;
    th.wait_for("sent", &["answered"]).await;
    vn.stop().await;
    authority.publishes(&[&leaf]);
    vn.start().await;
    let began = Instant::now();
    loop {
        let list = std::fs::read_dir(&standing).expect("a folder").flatten();
        let lists = list.filter(|entry| entry.path().extension().is_some_and(|seen| seen == "crl"));
        let now = authority.list.lock().expect("whole").clone();
        if lists.into_iter().any(|entry| std::fs::read(entry.path()).is_ok_and(|kept| kept == now)) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the new list is fetched at the next start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    share(&th, 2).await;
    th.wait_for("sent", &["answered", "failed"]).await;
    assert_eq!(vn.stages("received").await, ["readable"], "nothing under a revoked certificate is kept");
    th.stop().await;
    vn.stop().await;
}

async fn fetched(standing: &std::path::Path) {
    let began = Instant::now();
    let has_list = || {
        let files = std::fs::read_dir(standing).expect("a folder").flatten();
        files.into_iter().any(|entry| entry.path().extension().is_some_and(|seen| seen == "crl"))
    };
    while !has_list() {
        assert!(began.elapsed() < Duration::from_secs(20), "the list is fetched");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
