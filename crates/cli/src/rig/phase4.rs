//! phase4 as a process of its own, out of the project's `interop` folder, with keys of the same kind as a node's.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context as _, bail};
use exchange::certificate::Usage;
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{Certificate, Suite};

use super::giver::{Address, Giver, TAKER, certify, signing_kind};

/// phase4 with its keys.
pub(crate) struct Phase4 {
    folder: PathBuf,
    suite: Suite,
    signing: Certificate,
    sealing: Certificate,
    running: Option<(Child, ChildStdin, u16)>,
}

impl Phase4 {
    /// Makes its keys in a folder and trusts the giver.
    pub(crate) fn new(folder: &Path, suite: Suite, giver: &Giver) -> anyhow::Result<Self> {
        let place = folder.join("keys").join(name(suite));
        std::fs::create_dir_all(&place)?;
        std::fs::write(place.join("suite"), name(suite))?;
        let signing_key = PrivateKey::generate(signing_kind(suite))?;
        let sealing_key = PrivateKey::generate(match suite {
            Suite::Edelivery115 => KeyKind::Rsa3072,
            Suite::Edelivery2 => KeyKind::X25519,
            Suite::Edelivery2P256 => KeyKind::P256,
        })?;
        let signing = certify(TAKER, &signing_key, Usage::Signing, &signing_key)?;
        // X.509 certifies a key that only agrees by one that signs.
        let sealing = certify(TAKER, &sealing_key, Usage::Sealing, &signing_key)?;
        for (name, key, certificate) in
            [("theirs", &signing_key, &signing), ("theirs-sealing", &sealing_key, &sealing)]
        {
            std::fs::write(place.join(format!("{name}.key")), key.to_pem().as_bytes())?;
            std::fs::write(place.join(format!("{name}.pem")), certificate.to_pem())?;
        }
        for name in ["ours.pem", "ours-sealing.pem"] {
            std::fs::write(place.join(name), giver.certificate().to_pem())?;
        }
        Ok(Self { folder: folder.to_owned(), suite, signing, sealing, running: None })
    }

    /// Starts it; at once where it ran before, on the same port.
    pub(crate) fn spawn(&mut self, port: u16) -> anyhow::Result<()> {
        let script = script()?;
        let mut child = Command::new(&script)
            .arg("phase4-peer")
            .arg(self.folder.join("keys"))
            .arg(self.delivered())
            .env("SAMPAN_PHASE4_PORT", port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", script.display()))?;
        let (input, output) =
            (child.stdin.take().context("no input")?, child.stdout.take().context("no output")?);
        let mut said = String::new();
        BufReader::new(output).read_line(&mut said)?;
        let Some(port) = said.trim().strip_prefix("listening ").and_then(|port| port.parse().ok()) else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("phase4 did not start: {said}");
        };
        self.running = Some((child, input, port));
        Ok(())
    }

    /// How it is addressed.
    pub(crate) fn address(&self) -> Address {
        Address { signing: vec![self.signing.clone()], sealing: Some(self.sealing.clone()) }
    }

    /// Where it takes messages.
    pub(crate) fn endpoint(&self) -> String {
        let port = self.running.as_ref().map_or(0, |running| running.2);
        format!("http://127.0.0.1:{port}/{}/as4", name(self.suite))
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.running.as_ref().map_or(0, |running| running.2)
    }

    /// The file with a line for every message its application was given.
    pub(crate) fn delivered(&self) -> PathBuf {
        self.folder.join("delivered")
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.running.as_ref().map_or(0, |running| running.0.id())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some((mut child, ..)) = self.running.take() {
            // A process that is gone already needs no killing.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Phase4 {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The name of a suite as the interop folder has it.
pub(crate) const fn name(suite: Suite) -> &'static str {
    match suite {
        Suite::Edelivery115 => "edelivery115",
        Suite::Edelivery2 => "edelivery2",
        Suite::Edelivery2P256 => "edelivery2-p256",
    }
}

/// `interop/run`, in the folder the program is called in or one above it.
fn script() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir()?;
    let found = here.ancestors().map(|folder| folder.join("interop/run")).find(|path| path.exists());
    found.context("phase4 is started by interop/run: call this in the project's folder")
}
