//! The processing modes of phase4, as its own JSON form has them.

use serde_json::{Value, json};

use super::{PMode, PModeFault, Retries};
use crate::ebms::{Party, PartyId, Service};
use crate::names::ebms::{INITIATOR, RESPONDER};
use crate::names::ns::EB;
use crate::profile::{Compression, Suite};
use crate::trust::Expected;

/// Writes one processing mode.
pub(super) fn write(mode: &PMode) -> String {
    let value = json!({
        "id": mode.id,
        "Initiator": party(&mode.initiator),
        "Responder": party(&mode.responder),
        "Agreement": mode.agreement,
        "MEP": "one-way",
        "MEPBinding": "push",
        "Leg1": {
            "Protocol": { "Address": mode.address, "SoapVersion": "1.2" },
            "BusinessInfo": {
                "Service": mode.service.value, "ServiceType": mode.service.kind, "Action": mode.action,
                "MPCID": format!("{EB}defaultMPC"),
            },
            "ErrorHandling": {
                "ReportAsResponse": true, "ReportProcessErrorNotifyConsumer": true,
                "ReportProcessErrorNotifyProducer": true, "ReportDeliveryFailuresNotifyProducer": true,
            },
            "Security": security(mode),
        },
        "PayloadServices": (mode.compression == Compression::Gzip).then(|| json!({ "CompressionMode": "gzip" })),
        "RecepetionAwareness": {
            "ReceptionAwareness": true, "Retry": mode.retry.count > 0, "MaxRetries": mode.retry.count,
            "RetryIntervalMS": u64::from(mode.retry.every_seconds) * 1_000, "DuplicateDetection": true,
        },
    });
    serde_json::to_string_pretty(&without_nulls(value)).expect("plain data") + "\n"
}

fn party(party: &Party) -> Value {
    json!({ "IDType": party.id.kind, "IDValue": party.id.value, "Role": party.role })
}

fn security(mode: &PMode) -> Value {
    let mut security = json!({
        "WSSVersion": "1.1.1", "X509SignatureHashFunction": "sha-256",
        "X509SignatureAlgorithm": algorithm(mode.suite), "PModeAuthorize": false, "SendReceipt": true,
        "SendReceiptReplyPattern": "response", "SendReceiptNonRepudiation": true,
    });
    if mode.sealing != Expected::Clear {
        security["X509EncryptionAlgorithm"] = "aes-128-gcm".into();
        security["X509EncryptionMinimumStrength"] = 128.into();
    }
    security
}

const fn algorithm(suite: Suite) -> &'static str {
    match suite {
        Suite::Edelivery115 => "rsa-sha-256",
        Suite::Edelivery2 => "eddsa-ed25519",
        Suite::Edelivery2P256 => "ecdsa-sha-256",
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        other => other,
    }
}

/// Reads one processing mode.
pub(super) fn read(text: &str) -> Result<PMode, PModeFault> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| PModeFault::new("file", error.to_string()))?;
    let at = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let needed = |pointer: &str, name| at(pointer).ok_or_else(|| PModeFault::new(name, "missing"));
    for (pointer, name, wanted) in [("/MEP", "MEP", "one-way"), ("/MEPBinding", "MEPbinding", "push")] {
        let seen = needed(pointer, name)?;
        if seen != wanted {
            return Err(PModeFault::new(name, seen));
        }
    }
    let service = needed("/Leg1/BusinessInfo/Service", "BusinessInfo.Service")?;
    Ok(PMode {
        id: needed("/id", "PMode.ID")?,
        agreement: at("/Agreement"),
        initiator: read_party(&value, "/Initiator", INITIATOR)?,
        responder: read_party(&value, "/Responder", RESPONDER)?,
        service: Service { value: service, kind: at("/Leg1/BusinessInfo/ServiceType") },
        action: needed("/Leg1/BusinessInfo/Action", "BusinessInfo.Action")?,
        address: needed("/Leg1/Protocol/Address", "Protocol.Address")?,
        suite: read_suite(&needed("/Leg1/Security/X509SignatureAlgorithm", "Security.X509.Sign")?)?,
        sealing: read_sealing(at("/Leg1/Security/X509EncryptionAlgorithm").as_deref())?,
        compression: match at("/PayloadServices/CompressionMode").as_deref() {
            Some("gzip") => Compression::Gzip,
            _ => Compression::None,
        },
        retry: read_retry(&value),
    })
}

fn read_party(value: &Value, pointer: &'static str, role: &str) -> Result<Party, PModeFault> {
    let at =
        |name: &str| value.pointer(&format!("{pointer}/{name}")).and_then(Value::as_str).map(str::to_owned);
    let id = at("IDValue").ok_or_else(|| PModeFault::new("PartyId", pointer))?;
    let id = PartyId { value: id, kind: at("IDType") };
    Ok(Party { id, role: at("Role").unwrap_or_else(|| role.to_owned()) })
}

fn read_suite(name: &str) -> Result<Suite, PModeFault> {
    [Suite::Edelivery115, Suite::Edelivery2, Suite::Edelivery2P256]
        .into_iter()
        .find(|suite| algorithm(*suite) == name)
        .ok_or_else(|| PModeFault::new("Security.X509.Signature.Algorithm", name))
}

fn read_sealing(algorithm: Option<&str>) -> Result<Expected, PModeFault> {
    match algorithm {
        None => Ok(Expected::Clear),
        Some("aes-128-gcm") => Ok(Expected::Sealed),
        Some(other) => Err(PModeFault::new("Security.X509.Encryption.Algorithm", other)),
    }
}

fn read_retry(value: &Value) -> Retries {
    let number = |name: &str| {
        let number = value.pointer(&format!("/RecepetionAwareness/{name}")).and_then(Value::as_u64);
        u32::try_from(number.unwrap_or_default()).unwrap_or(u32::MAX)
    };
    Retries { count: number("MaxRetries"), every_seconds: number("RetryIntervalMS").div_ceil(1_000) }
}
