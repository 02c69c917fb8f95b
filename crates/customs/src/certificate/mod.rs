//! Certificates: what plant-health services and origin authorities state, and what may be believed of it at the border.
//!
//! Sources: ISPM 12 and UN/CEFACT SPSCertificate (e-Phyto); ATIGA Annex 8, operational certification procedure (Form D
//! and its kin). A certificate is a case of its own: declarations claim lines of it, the quantities are drawn down, and
//! whatever its issuer says later judges every claim anew. A preference is given only with a proof that holds.
//!
//! Left to others: reading and writing bytes (`formats::sps`), the duty itself (`tariff`), the decision at the gate.

mod certificate;
mod claim;
mod issuance;
mod origin;
mod origin_rules;
mod outgoing;
mod paper;
mod phyto;
mod units;
mod verification;

pub use certificate::{
    Act as CertificateAct, Certificate, Event as CertificateEvent, Stage as CertificateStage,
};
pub use claim::{Claim, Claimable, ClaimableLine, Judged, Known, Standing, Validity, Worth, judge};
pub use issuance::{Act as IssuanceAct, Event as IssuanceEvent, Issuance, Ours, Stage as IssuanceStage};
pub use origin::{
    Criterion, Function, LAYOUTS, Mark, OriginCertificate, OriginLine, Original, PRODUCT_RULES,
};
pub use origin_rules::{
    Act as OriginRulesAct, Event as OriginRulesEvent, Loaded, Offered, OriginRules, ProductRule,
    Stage as OriginRulesStage,
};
pub use outgoing::{
    CertificateQuery, CertificateReply, CertificateUse, EPHYTO, EPhyto, QueryReason, UseOutcome, UsedLine,
    Verified,
};
pub use paper::{About, Claimed, Paper as CertificatePaper};
pub use phyto::{
    Carriage, Characteristic, Class, Clause, Coded, Equipment, ISSUED, Item, Line, Mapping, Measure, Named,
    Note, Origin, Package, Phyto, Referenced, Signature, Trader, Treatment, WITHDRAWN, Words, moment,
};
pub use units::{Dimension, in_base};
pub use verification::{
    Act as VerificationAct, DECISIONS, Event as VerificationEvent, Side, Stage as VerificationStage,
    Verification,
};
