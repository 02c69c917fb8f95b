//! Own declarations taken in: read once outside the writer, then taken, amended or cancelled one case at a time.

use std::sync::Arc;

use customs::declaration::{Declaration, Function, Lodged, LodgedAct, LodgedStage};
use kernel::{ActId, Actor, AnyAct, CaseId, Digest, Findings, NodeId, Procedure as _};
use store::Failure;

use crate::act::{Turn, Wanted};
use crate::input::{Again, ImportReport, RefusedDeclaration};
use crate::paper;

/// Declarations read from one file or body, with the bytes they stand in.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The bytes as they came.
    pub source: Arc<[u8]>,
    /// What was read from them.
    pub declarations: Vec<Declaration>,
    /// What was wrong with them.
    pub findings: Findings,
    /// The number of the piece among those of its source, from 0.
    piece: usize,
}

impl Batch {
    /// Reads the declarations lodged with us from whatever bytes they stand in.
    #[must_use]
    pub fn read(us: &NodeId, bytes: Vec<u8>) -> Self {
        let (declarations, findings) = paper::declarations(us, &bytes);
        Self { source: bytes.into(), declarations, findings, piece: 0 }
    }

    /// Declarations that come as data, such as from a generator; the bytes they stand in are their JSON.
    ///
    /// # Panics
    /// Never: declarations are plain data.
    #[must_use]
    pub fn of(declarations: Vec<Declaration>) -> Self {
        let source = serde_json::to_vec(&declarations).expect("declarations are plain data");
        Self { source: source.into(), declarations, findings: Findings::new(), piece: 0 }
    }

    /// What names the acts of this piece, apart from the moment.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(format!("{}/{}", Digest::of(&self.source), self.piece).as_bytes())
    }

    /// Cut into pieces that each fit one transaction without holding up the others. Each names the same source; the
    /// findings stay with the first.
    pub(crate) fn pieces(self) -> impl Iterator<Item = Self> {
        let Self { source, declarations, mut findings, .. } = self;
        let mut rest = declarations.into_iter();
        (0..).map_while(move |piece| {
            let declarations: Vec<_> = rest.by_ref().take(PIECE).collect();
            let findings = std::mem::take(&mut findings);
            let more = !declarations.is_empty() || !findings.is_empty();
            more.then(|| Self { source: Arc::clone(&source), declarations, findings, piece })
        })
    }
}

impl Turn<'_> {
    /// Takes a batch in. Declarations that are known as they stand change nothing.
    pub(crate) fn import(&mut self, actor: &Actor, batch: &Batch) -> Result<ImportReport, Failure> {
        let mut report = ImportReport { findings: batch.findings.clone(), ..ImportReport::default() };
        if batch.declarations.is_empty() {
            return Ok(report);
        }
        let source = self.change.keep_blob(&batch.source)?;
        report.source = Some(source);
        for declaration in &batch.declarations {
            self.import_one(actor, declaration, source, &mut report)?;
        }
        Ok(report)
    }

    fn import_one(
        &mut self,
        actor: &Actor,
        declaration: &Declaration,
        source: Digest,
        report: &mut ImportReport,
    ) -> Result<(), Failure> {
        let case = Lodged::case_of(declaration);
        let Some(act) = self.wanted_of(&case, declaration)? else {
            report.known.push(case);
            return Ok(());
        };
        let id = ActId::new(format!("{}/{}", self.root, report.taken.len() + report.refused.len()));
        let wanted = Wanted {
            actor: actor.clone(),
            id,
            case: case.clone(),
            act: AnyAct::of(act),
            blobs: vec![source],
        };
        match self.run(wanted)? {
            Ok(acted) if acted.again == Again::First => report.taken.push(case),
            Ok(_) => report.known.push(case),
            Err(refusal) => report.refused.push(RefusedDeclaration { case, refusal }),
        }
        Ok(())
    }

    /// The act by which a declaration comes in; `None` where the case already stands as it says.
    fn wanted_of(&self, case: &CaseId, declaration: &Declaration) -> Result<Option<LodgedAct>, Failure> {
        let known = self.change.case(case)?.and_then(|row| row.state.read::<Lodged>().ok());
        let Some(known) = known else {
            return Ok(Some(LodgedAct::Take { declaration: Box::new(declaration.clone()) }));
        };
        Ok(match declaration.function {
            Function::Cancel if known.stage() == Some(LodgedStage::Cancelled) => None,
            Function::Cancel => Some(LodgedAct::Cancel { reason: CANCELLED.to_owned() }),
            _ if known.declaration() == Some(declaration) => None,
            _ => Some(LodgedAct::Amend { declaration: Box::new(declaration.clone()) }),
        })
    }
}

impl ImportReport {
    /// Adds the report of one more piece; its findings were told with the whole.
    pub(crate) fn add(&mut self, more: Self) {
        self.source = self.source.or(more.source);
        self.taken.extend(more.taken);
        self.known.extend(more.known);
        self.refused.extend(more.refused);
    }
}

/// The most declarations taken in within one transaction.
const PIECE: usize = 25;
/// The reason a cancellation bears that came as a document of its own.
const CANCELLED: &str = "cancelled-by-document";
