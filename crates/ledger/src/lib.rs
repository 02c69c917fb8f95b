//! A record that nobody can quietly change: an append-only Merkle log in public formats, and a verifier of its own.
//!
//! The tree is RFC 6962's with SHA-256. Its hashes and entries lie in the C2SP tlog-tiles layout, its head is a
//! checkpoint in the signed-note format (Ed25519), partners countersign checkpoints with tlog-cosignatures, and a
//! single entry is proven to a stranger by a tlog-proof text. Existing verifiers of these formats work on it.
//!
//! ```text
//! Log::append(entries) -> [FileWrite]      what must be written, tiles and bundles first
//! Log::checkpoint(&Signer) -> bytes        what must be written last
//! Reader::{entry, inclusion, consistency}  proofs from the files
//! Witness::cosign(...)                    a partner's signature, or why it refuses (rolled back, forked, no extension)
//! ProofDocument                            one entry's proof as text, checked without any node
//! audit(source, keys, ...) -> Audit        every byte recomputed; every fault named
//! ```
//!
//! ```
//! use std::collections::BTreeMap;
//! use ledger::{AuditKeys, CHECKPOINT, Log, ProofDocument, Purpose, Signer, Strangers, audit};
//!
//! // The 32 bytes come from the machine's random source; the ledger draws none itself.
//! let key = Signer::generate("customs.example/record", Purpose::Log, [7; 32])?;
//! let mut log = Log::create(key.verifier().name());
//! let mut files = BTreeMap::new();
//! for write in log.append(&["first entry", "second entry"])? {
//!     files.insert(write.path.to_string(), write.bytes);
//! }
//! let checkpoint = log.checkpoint(&key)?;
//! files.insert(CHECKPOINT.to_owned(), checkpoint.to_bytes());
//!
//! let proof = ProofDocument::of(&files, 1, &checkpoint)?.to_string();
//! assert_eq!(proof.parse::<ProofDocument>()?.verify(key.verifier())?.checkpoint().size(), 2);
//!
//! files.get_mut("tile/entries/000.p/2").expect("just written")[3] ^= 1;
//! let keys = AuditKeys { log: key.verifier(), witnesses: &[], strangers: Strangers::Fault };
//! let faults = audit(&files, &keys, &mut |_, _| {}).faults;
//! assert_eq!(faults[0].to_string(), "entry 0 in tile/entries/000.p/2: changed");
//! # Ok::<(), ledger::Error>(())
//! ```
//!
//! The crate knows bytes only, never what an entry means. It reads no clock and draws no randomness. Files are read
//! through [`Source`]; [`Folder`] is the one place that touches a disk.

mod audit;
mod bench;
mod bundle;
mod checkpoint;
mod cosign;
pub mod credential;
mod document;
mod error;
mod folder;
mod hash;
mod key;
mod log;
mod note;
mod path;
mod proof;
mod reader;
mod source;
mod tree;

pub use audit::{Audit, AuditKeys, Fault, FaultKind, Place, Strangers, audit};
pub use bench::{AppendBench, bench_append};
pub use bundle::ENTRY_LENGTH_MAX;
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use cosign::{Cosigned, Submission, Witness};
pub use document::ProofDocument;
pub use error::Error;
pub use folder::{Folder, FolderError, FolderWriter};
pub use hash::{Hash, leaf_hash, node_hash};
pub use key::{Purpose, Signer, VerifierKey};
pub use log::{CHECKPOINT, FileWrite, Log};
pub use note::{Note, NoteSignature};
pub use path::{TileKind, TilePath};
pub use proof::{ConsistencyProof, InclusionProof};
pub use reader::Reader;
pub use source::{Source, Unreadable};
pub use tree::Tree;
