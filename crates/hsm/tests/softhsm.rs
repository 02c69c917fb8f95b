//! Keys on a token of SoftHSM sign and open as keys in memory do.
//!
//! The library reads from the environment where its tokens are, so this program makes a token and runs itself again beside it.
#![expect(clippy::print_stdout, reason = "the test says what it skips and what it did")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey, Sign, Unseal};
use exchange::{
    Certificate, Identity, Opener, Outgoing, Partner, PartyId, Payload, Profile, Sealing, Service, Suite,
    Trust, open,
};
use hsm::{Module, Named};
use jiff::Timestamp;

const LIBRARIES: [&str; 2] = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"];

struct Token {
    folder: PathBuf,
    library: PathBuf,
}

impl Token {
    /// A fresh token; `None` where SoftHSM is not installed.
    fn new() -> Option<Self> {
        let library = LIBRARIES.iter().map(PathBuf::from).find(|path| path.exists());
        let Some(library) = library.filter(|_| runs("softhsm2-util") && runs("pkcs11-tool")) else {
            println!("skipped: softhsm2 and opensc are not installed");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("sampan-hsm-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("tokens")).expect("a folder");
        let settings = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\n",
            folder.join("tokens").display()
        );
        std::fs::write(folder.join("softhsm2.conf"), settings).expect("written");
        std::fs::write(folder.join("pin"), "1234\n").expect("written");
        let token = Self { folder, library };
        token.tool(&["--init-token", "--free", "--label", "sampan", "--pin", "1234", "--so-pin", "5678"]);
        Some(token)
    }

    fn tool(&self, arguments: &[&str]) {
        let mut tool = Command::new("softhsm2-util");
        tool.args(arguments).env("SOFTHSM2_CONF", self.folder.join("softhsm2.conf")).stdout(Stdio::null());
        assert!(tool.status().expect("runs").success(), "{arguments:?}");
    }

    fn import(&self, name: &str, id: &str, key: &PrivateKey) {
        let file = self.folder.join(format!("{name}.pem"));
        std::fs::write(&file, key.to_pem().as_bytes()).expect("written");
        if key.kind() == KeyKind::P256 {
            // SoftHSM's own tool imports keys that may sign and not agree.
            return self.import_agreeing(name, id, key);
        }
        let file = file.to_string_lossy().into_owned();
        self.tool(&["--import", &file, "--token", "sampan", "--label", name, "--id", id, "--pin", "1234"]);
    }

    fn import_agreeing(&self, name: &str, id: &str, key: &PrivateKey) {
        let file = self.folder.join(format!("{name}.der"));
        std::fs::write(&file, key.pkcs8()).expect("written");
        let mut tool = Command::new("pkcs11-tool");
        tool.arg("--module").arg(&self.library).args(["--login", "--pin", "1234", "--token-label", "sampan"]);
        tool.arg("--write-object").arg(&file).args(["--type", "privkey", "--label", name, "--id", id]);
        tool.args(["--usage-sign", "--usage-derive"]);
        tool.env("SOFTHSM2_CONF", self.folder.join("softhsm2.conf")).stdout(Stdio::null());
        assert!(tool.status().expect("runs").success(), "{name}");
    }

    fn named(&self, key: &str) -> Named {
        Named {
            library: self.library.clone(),
            token: "sampan".into(),
            key: key.into(),
            pin_file: self.folder.join("pin"),
            sessions: 3,
        }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // What stays behind is in the system's temporary folder.
        let _ = std::fs::remove_dir_all(Path::new(&self.folder));
    }
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn certificate(key: &PrivateKey) -> Certificate {
    let request = Request {
        subject: Subject { country: "VN".into(), organisation: "Customs".into(), common_name: "VN".into() },
        public_key_info: key.public_key_info().expect("public"),
        usage: Usage::Signing,
        not_before: "2026-01-01T00:00:00Z".parse().expect("a moment"),
        not_after: "2036-01-01T00:00:00Z".parse().expect("a moment"),
    };
    self_signed(&request, key).expect("issued")
}

fn message(now: Timestamp) -> Outgoing {
    let payload = Payload {
        content_id: "doc@vn".into(),
        mime: "application/xml".into(),
        bytes: b"<a/>".to_vec(),
        properties: Vec::new(),
    };
    let ping = Outgoing::ping(PartyId::unregistered("VN"), PartyId::unregistered("TH"), "1@vn".into(), now);
    Outgoing { payloads: vec![payload], service: Service { value: "s".into(), kind: None }, ..ping }
}

fn main() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return inside(Path::new(&folder));
    }
    let Some(token) = Token::new() else { return };
    for (name, id, kind) in KINDS {
        token.import(name, id, &PrivateKey::generate(kind).expect("made"));
    }
    let named = token.named("rsa");
    let here = std::env::current_exe().expect("a path");
    let ended = Command::new(here)
        .env("SOFTHSM2_CONF", token.folder.join("softhsm2.conf"))
        .env(FOLDER, &token.folder)
        .env(LIBRARY, &named.library)
        .status();
    assert!(ended.expect("runs").success());
}

fn inside(folder: &Path) {
    let library = PathBuf::from(std::env::var_os(LIBRARY).expect("is set"));
    let token = std::mem::ManuallyDrop::new(Token { folder: folder.to_owned(), library });
    let suites = [Suite::Edelivery115, Suite::Edelivery2P256, Suite::Edelivery2];
    for ((name, _, kind), suite) in KINDS.into_iter().zip(suites) {
        let text = std::fs::read_to_string(folder.join(format!("{name}.pem"))).expect("is there");
        let software = PrivateKey::from_pem(&text).expect("a key");
        assert_eq!(software.kind(), kind);
        let named = token.named(name);
        let module = Module::open(&named).expect("a token");
        let key = Arc::new(module.signer(&named).expect("a key"));
        signs(&key, &software, suite);
        opens(&key, &software, kind);
        println!("{name}: signs and opens as in memory");
    }
    let missing = Named { key: "nobody".into(), ..token.named("rsa") };
    assert!(Module::open(&missing).expect("a token").signer(&missing).is_err());
    let elsewhere = Named { token: "nowhere".into(), ..token.named("rsa") };
    assert!(Module::open(&elsewhere).is_err());
}

/// A message signed on the token, by several threads at once, is proved under the key's certificate.
fn signs(key: &Arc<hsm::Key>, software: &PrivateKey, suite: Suite) {
    let now: Timestamp = "2026-11-22T06:00:00Z".parse().expect("a moment");
    let certificate = certificate(software);
    let identity = Identity::new(Arc::clone(key) as Arc<dyn Sign>, certificate.clone());
    let (us, them) = (PartyId::unregistered("TH"), PartyId::unregistered("VN"));
    let partner = Partner { suite, ..Partner::pinned(them, vec![certificate]) };
    let trust = Trust::of(vec![us]).with_partner(partner);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let profile = Profile { suite, ..Profile::default() };
                let wire = exchange::pack(&message(now), &identity, &profile).expect("packed");
                let limits = exchange::Limits::default();
                let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
                received.verify(&trust, now).expect("proved");
            });
        }
    });
}

/// What is sealed to the key's certificate is opened on the token.
fn opens(key: &Arc<hsm::Key>, software: &PrivateKey, kind: KeyKind) {
    if kind == KeyKind::Ed25519 {
        assert!(key.agree(&[9; 32]).is_err() && key.open_rsa_oaep(&[0; 256]).is_err());
        return;
    }
    let now: Timestamp = "2026-11-22T06:00:00Z".parse().expect("a moment");
    let suite = if kind == KeyKind::P256 { Suite::Edelivery2P256 } else { Suite::Edelivery115 };
    let own = certificate(software);
    let sender = Arc::new(PrivateKey::generate(kind).expect("made"));
    let sender_certificate = certificate(&sender);
    let identity = Identity::new(sender, sender_certificate.clone());
    let profile = Profile { suite, sealing: Sealing::To(own.clone()), ..Profile::default() };
    let wire = exchange::pack(&message(now), &identity, &profile).expect("packed");
    let partner = Partner {
        suite,
        expected: exchange::Expected::Sealed,
        ..Partner::pinned(PartyId::unregistered("VN"), vec![sender_certificate])
    };
    let trust = Trust::of(vec![PartyId::unregistered("TH")])
        .with_partner(partner)
        .with_opener(Opener::new(Arc::clone(key) as Arc<dyn Unseal>, own));
    let limits = exchange::Limits::default();
    let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
    let verified = received.verify(&trust, now).expect("opened and proved");
    assert_eq!(verified.payloads()[0].bytes, b"<a/>");
    assert!(key.open_rsa_oaep(&[1; 256]).is_err(), "what nobody sealed does not open");
}

const KINDS: [(&str, &str, KeyKind); 3] =
    [("rsa", "01", KeyKind::Rsa2048), ("p256", "02", KeyKind::P256), ("ed", "03", KeyKind::Ed25519)];
const FOLDER: &str = "SAMPAN_TEST_TOKEN";
const LIBRARY: &str = "SAMPAN_TEST_LIBRARY";
