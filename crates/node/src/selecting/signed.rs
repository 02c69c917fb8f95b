//! Who may sign models, and whether a proposed one bears such a signature.

use customs::targeting::{Model, ModelAct, Proposed, Signature};
use kernel::{AnyAct, CaseId, Procedure as _, State};
use ledger::{Note, VerifierKey};
use store::Failure;

use crate::act::Turn;

/// Under this key the node keeps the keys of those who may sign models, one a line; the file `model-signers` of its folder.
pub const MODEL_SIGNERS: &str = "model-signers";

impl Turn<'_> {
    /// Looks at the signature of a model that was just proposed, where somebody is named who must have signed it.
    pub(crate) fn signature_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        if case.desk() != Model::NAME || act != "propose" {
            return Ok(());
        }
        let Some(kept) = self.change.kept(MODEL_SIGNERS)? else { return Ok(()) };
        let model = state.read::<Model>().ok();
        let Some(proposed) = model.as_deref().and_then(Model::proposed) else { return Ok(()) };
        let note = proposed.note.as_ref().map(|note| self.change.blob(&note.digest)).transpose()?.flatten();
        let signature = match signer(&kept, note.as_deref(), proposed) {
            Ok(by) => Signature::Holds { by },
            Err(why) => Signature::Wrong { why },
        };
        self.follow(case.clone(), AnyAct::of(ModelAct::NoteSignature { signature }), Vec::new())
    }
}

/// Whose signature the note bears over this model's digest.
fn signer(keys: &[u8], note: Option<&[u8]>, proposed: &Proposed) -> Result<String, String> {
    let keys = String::from_utf8_lossy(keys);
    let keys = keys.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Vec<VerifierKey> = keys.filter_map(|line| line.parse().ok()).collect();
    let note = Note::parse(note.ok_or("no note")?).map_err(|error| error.to_string())?;
    let digest = proposed.model.digest.to_string();
    let mut lines = note.text().lines();
    if lines.next() != Some("sampan-model") || lines.next() != Some(digest.as_str()) {
        return Err("the note is of another file".to_owned());
    }
    let signers = note.check(&keys).map_err(|error| error.to_string())?;
    Ok(signers.first().map(|(key, _)| key.name().to_owned()).unwrap_or_default())
}
