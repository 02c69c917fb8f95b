//! The fields a link rests on, and the levels at which two statements can agree in each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A field two statements are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The export declaration number, where the import quotes one.
    Quoted,
    /// Who receives.
    Consignee,
    /// Who sends.
    Exporter,
    /// The address of who receives.
    Address,
    /// Commodity code.
    Hs,
    /// Quantity; for a group, of the sums.
    Quantity,
    /// Country of origin.
    Origin,
    /// Days from departure to arrival.
    Lag,
    /// Mode of transport.
    Mode,
    /// Where the goods are unloaded.
    Place,
    /// The country the goods leave.
    From,
    /// The line's serial number.
    Item,
    /// Whether other lines of the same two documents agree in goods and quantity.
    Siblings,
    /// How many lines stand against how many: one to one, split, merged.
    Lots,
    /// How likely two candidates are one before anything is compared.
    Prior,
}

/// How far two statements agree in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One side says nothing, or the two cannot be compared.
    Absent,
    /// An identifier of one scheme agrees.
    Identifier,
    /// Two names one party is known by.
    Alias,
    /// The same.
    Same,
    /// The same, in a round number that many have.
    Round,
    /// The same up to rounding.
    Near,
    /// Alike.
    Close,
    /// Alike in part.
    Part,
    /// Commodity codes agree in six digits.
    Six,
    /// Commodity codes agree in four digits.
    Four,
    /// Commodity codes agree in the chapter.
    Chapter,
    /// Less was declared at import.
    Under,
    /// More was declared at import.
    Over,
    /// Within the usual time.
    Usual,
    /// Within a possible time.
    Possible,
    /// Arrival a little before departure.
    Early,
    /// Arrival later than usual.
    Late,
    /// Not the same.
    Different,
    /// Other lines of the two documents are about other goods.
    Other,
    /// How common what agrees is, beside how far it agrees.
    Frequency,
}

impl Field {
    /// All fields, in the order of an evidence's levels.
    pub const ALL: [Self; 15] = [
        Self::Quoted,
        Self::Consignee,
        Self::Exporter,
        Self::Address,
        Self::Hs,
        Self::Quantity,
        Self::Origin,
        Self::Lag,
        Self::Mode,
        Self::Place,
        Self::From,
        Self::Item,
        Self::Siblings,
        Self::Lots,
        Self::Prior,
    ];

    /// The levels at which this field can agree; [`Level::Absent`] is always the first.
    #[must_use]
    pub const fn levels(self) -> &'static [Level] {
        use Level::{
            Absent, Alias, Chapter, Close, Different, Early, Four, Identifier, Late, Near, Other, Over, Part,
            Possible, Round, Same, Six, Under, Usual,
        };
        match self {
            Self::Quoted | Self::Origin | Self::Mode | Self::From | Self::Item => &[Absent, Same, Different],
            Self::Consignee | Self::Exporter => &[Absent, Identifier, Same, Close, Part, Different, Alias],
            Self::Address => &[Absent, Same, Part, Different],
            Self::Hs => &[Absent, Same, Six, Four, Chapter, Different],
            Self::Quantity => &[Absent, Same, Round, Near, Close, Under, Over],
            Self::Lag => &[Absent, Usual, Possible, Early, Late, Different],
            Self::Place => &[Absent, Same, Part, Different],
            Self::Siblings => &[Absent, Same, Part, Other, Different],
            Self::Lots | Self::Prior => &[Absent],
        }
    }

    /// The place of a level among the field's levels, and of [`Level::Absent`] where it is none of them.
    pub(crate) const fn place(self, level: Level) -> u8 {
        PLACES[self as usize][level as usize]
    }

    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Quoted => "quoted",
            Self::Consignee => "consignee",
            Self::Exporter => "exporter",
            Self::Address => "address",
            Self::Hs => "hs",
            Self::Quantity => "quantity",
            Self::Origin => "origin",
            Self::Lag => "lag",
            Self::Mode => "mode",
            Self::Place => "place",
            Self::From => "from",
            Self::Item => "item",
            Self::Siblings => "siblings",
            Self::Lots => "lots",
            Self::Prior => "prior",
        }
    }
}

/// The places of all levels in all fields.
const PLACES: [[u8; Level::Frequency as usize + 1]; Field::ALL.len()] = {
    let mut places = [[0; Level::Frequency as usize + 1]; Field::ALL.len()];
    let mut field = 0;
    while field < Field::ALL.len() {
        let levels = Field::ALL[field].levels();
        let mut at = 0;
        while at < levels.len() {
            places[field][levels[at] as usize] = at as u8;
            at += 1;
        }
        field += 1;
    }
    places
};

impl Level {
    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Identifier => "identifier",
            Self::Alias => "alias",
            Self::Same => "same",
            Self::Round => "round",
            Self::Near => "near",
            Self::Close => "close",
            Self::Part => "part",
            Self::Six => "six",
            Self::Four => "four",
            Self::Chapter => "chapter",
            Self::Under => "under",
            Self::Over => "over",
            Self::Usual => "usual",
            Self::Possible => "possible",
            Self::Early => "early",
            Self::Late => "late",
            Self::Different => "different",
            Self::Other => "other",
            Self::Frequency => "frequency",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_stands_where_the_field_names_it() {
        for field in Field::ALL {
            for (at, level) in field.levels().iter().enumerate() {
                assert_eq!(usize::from(field.place(*level)), at, "{field} {level}");
            }
        }
        assert_eq!(Field::Origin.place(Level::Six), Field::Origin.place(Level::Absent));
    }
}
