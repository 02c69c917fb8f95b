//! The operations of the hub.

use super::model::{Envelope, Header};

/// One question to the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Hands an envelope over.
    Deliver(Envelope),
    /// Hands an envelope over if the hub finds nothing severe in its document.
    ValidateAndDeliver(Envelope),
    /// Hands a certificate over as XML inside the message rather than as text.
    DeliverPhyto {
        /// The header.
        header: Header,
        /// The `SPSCertificate` document.
        certificate: Vec<u8>,
    },
    /// Hands over what the importing side says of a certificate.
    DeliverResponse {
        /// The header.
        header: Header,
        /// The `SPSAcknowledgement` document.
        acknowledgement: Vec<u8>,
    },
    /// Lists what waits for us, from one country or from all.
    ImportHeaders {
        /// The country, by the hub's code.
        country: Option<String>,
    },
    /// Fetches one envelope that waits for us.
    Pull(String),
    /// Fetches all envelopes that wait for us.
    PullAll,
    /// Lists what we sent and nobody has acknowledged.
    UnderDelivery,
    /// Says that an envelope was taken and can be read.
    Acknowledge(String),
    /// Says that an envelope was taken, and what is wrong with it.
    AcknowledgeWithWarning {
        /// The delivery number.
        delivery: String,
        /// What is wrong.
        warning: String,
    },
    /// Says that an envelope could not be taken.
    AcknowledgeFailed {
        /// The delivery number.
        delivery: String,
        /// Why.
        message: String,
    },
    /// Tells the hub a tracking state.
    SetTracking(Header),
    /// Asks where an envelope stands.
    TrackingOf(String),
    /// Has the hub check a certificate.
    Validate(String),
    /// Asks what the hub holds of us.
    Profile,
    /// Asks who takes part, and what each takes.
    ActiveNppos,
    /// Asks whom we may exchange with.
    Channels,
    /// Asks for a code list.
    Codes(CodeList),
}

/// The code lists the hub keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeList {
    /// Treatments.
    TreatmentTypes,
    /// Additional declarations.
    AdditionalDeclarations,
    /// Statements.
    Statements,
    /// Conditions of commodities.
    Conditions,
    /// Intended uses.
    IntendedUses,
    /// Parts of plants.
    ProductDescriptions,
    /// Packages.
    PackageTypes,
    /// Means of transport.
    MeansOfTransport,
    /// Units.
    UnitMeasures,
    /// Pesticides.
    Pesticides,
}

impl CodeList {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::TreatmentTypes,
        Self::AdditionalDeclarations,
        Self::Statements,
        Self::Conditions,
        Self::IntendedUses,
        Self::ProductDescriptions,
        Self::PackageTypes,
        Self::MeansOfTransport,
        Self::UnitMeasures,
        Self::Pesticides,
    ];

    const fn operation(self) -> &'static str {
        match self {
            Self::TreatmentTypes => "GetTreatmentTypes",
            Self::AdditionalDeclarations => "GetAdditionalDeclarations",
            Self::Statements => "GetStatements",
            Self::Conditions => "GetConditions",
            Self::IntendedUses => "GetIntendedUses",
            Self::ProductDescriptions => "GetProductDescriptions",
            Self::PackageTypes => "GetPackageTypes",
            Self::MeansOfTransport => "GetMeanOfTransports",
            Self::UnitMeasures => "GetUnitMeasures",
            Self::Pesticides => "GetPesticides",
        }
    }
}

impl Call {
    /// The operation's name.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::Deliver(_) => "DeliverEnvelope",
            Self::ValidateAndDeliver(_) => "ValidateAndDeliverEnvelope",
            Self::DeliverPhyto { .. } => "DeliverPhytoEnvelope",
            Self::DeliverResponse { .. } => "DeliverCountryResponseEnvelope",
            Self::ImportHeaders { .. } => "GetImportEnvelopeHeaders",
            Self::Pull(_) => "PULLSingleImportEnvelope",
            Self::PullAll => "PULLImportEnvelope",
            Self::UnderDelivery => "GetUnderDeliveryEnvelope",
            Self::Acknowledge(_) => "AcknowledgeEnvelopeReceipt",
            Self::AcknowledgeWithWarning { .. } => "AdvancedAcknowledgeEnvelopeReceipt",
            Self::AcknowledgeFailed { .. } => "AcknowledgeFailedEnvelopeReceipt",
            Self::SetTracking(_) => "SetTrackingInfoUpdate",
            Self::TrackingOf(_) => "GetEnvelopeTrackingInfo",
            Self::Validate(_) => "ValidatePhytoXML",
            Self::Profile => "GetProfile",
            Self::ActiveNppos => "GetActiveNppos",
            Self::Channels => "GetAvailableChannels",
            Self::Codes(list) => list.operation(),
        }
    }

    /// The `SOAPAction` the hub tells operations by. One of them bears another's name in the hub's own description.
    #[must_use]
    pub fn action(&self) -> String {
        let name = match self {
            Self::AcknowledgeWithWarning { .. } => "NegativeAcknowledgeEnvelopeReceipt",
            other => other.operation(),
        };
        format!("http://ephyto.ippc.int/IDeliveryService/{name}")
    }

    /// Whether asking twice changes nothing more than asking once. Handing over is not among them: the hub gives each
    /// hand-over a number of its own, and the receiver tells the two by [`Header::identity`].
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::Deliver(_)
                | Self::ValidateAndDeliver(_)
                | Self::DeliverPhyto { .. }
                | Self::DeliverResponse { .. }
        )
    }
}
