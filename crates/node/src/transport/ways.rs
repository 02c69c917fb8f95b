//! Whichever way a lane's term has it take.

use customs::agreement::Way;
use jiff::Timestamp;
use kernel::Refusal;
use store::Failure;

use super::{As4, Asked, Heard, HubWay, Packed, Parcel, Posted, Transport};
use crate::admit::Delivery;
use crate::witness::Record;

/// All ways of a running node.
pub(crate) struct Ways {
    as4: As4,
    hub: Option<HubWay>,
    record: Box<dyn Record>,
}

impl Ways {
    pub(crate) fn new(as4: As4, hub: Option<HubWay>, record: Box<dyn Record>) -> Self {
        Self { as4, hub, record }
    }
}

impl Transport for Ways {
    fn refuses(&self, asked: Asked<'_>) -> Option<Refusal> {
        match (asked.delivery.way, &self.hub) {
            (Way::Direct, _) => self.as4.refuses(asked),
            (Way::Hub, Some(hub)) => hub.refuses(asked),
            (Way::Hub, None) => Some(Refusal::new("no-hub", asked.to.as_str())),
        }
    }

    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        match (parcel.delivery.way, &self.hub) {
            (Way::Direct, _) => self.as4.pack(parcel),
            (Way::Hub, Some(hub)) => hub.pack(parcel),
            (Way::Hub, None) => {
                Err(Failure::Engine { doing: "pack a certificate", cause: "no hub is set up".to_owned() })
            }
        }
    }

    fn open(&self, entity: &[u8], at: Timestamp) -> Result<Delivery, String> {
        match &self.hub {
            Some(hub) if HubWay::is_envelope(entity) => hub.open(entity, at),
            _ => self.as4.open(entity, at),
        }
    }

    fn hear(&self, posted: Posted<'_>, answer: &[u8], at: Timestamp) -> Heard {
        match (posted.way, &self.hub) {
            (Way::Hub, Some(hub)) => hub.hear(posted, answer, at),
            _ => self.as4.hear(posted, answer, at),
        }
    }

    fn record(&self) -> Option<&dyn Record> {
        Some(&*self.record)
    }
}
