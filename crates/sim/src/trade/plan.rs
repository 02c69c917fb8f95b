//! What to generate: lanes, size, coverage, dirt and how often what happens.

use jiff::civil::Date;

/// What a morning of trade is to be. All rates are permille.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The seed: the same plan with the same seed gives the same trade, to the byte.
    pub seed: u64,
    /// The day all is seen from. Imports of a later day do not exist yet.
    pub date: Date,
    /// Over how many days before `date` the exports depart.
    pub days: u16,
    /// Who sends to whom.
    pub lanes: Vec<Lane>,
    /// How many consignments; each has at least one export or import declaration, most have one of both.
    pub consignments: u64,
    /// How many exporters each country has; 0 for one to every twenty-five consignments.
    pub firms: u32,
    /// How often names, addresses and codes differ between the two sides.
    pub dirt: Dirt,
    /// How often which thing happens to a consignment.
    pub mix: Mix,
    /// How often the importer quotes the number of the export declaration.
    pub quoted: u16,
}

/// Who sends to whom, and how many of its exporters agreed that their declarations are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Exporting country, by its ISO 3166-1 letters.
    pub from: String,
    /// Importing country.
    pub to: String,
    /// Share of the exporters who consented, permille.
    pub coverage: u16,
    /// How much of the trade goes here, beside the other lanes.
    pub weight: u32,
}

impl Lane {
    /// A lane.
    #[must_use]
    pub fn new(from: &str, to: &str, coverage: u16, weight: u32) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), coverage, weight }
    }

    /// Every lane between these countries, all with one coverage.
    #[must_use]
    pub fn between(countries: &[&str], coverage: u16) -> Vec<Self> {
        let pairs = countries.iter().flat_map(|from| countries.iter().map(move |to| (from, to)));
        pairs.filter(|(from, to)| from != to).map(|(from, to)| Self::new(from, to, coverage, 1)).collect()
    }
}

/// How often what spoils a statement, permille. Names of foreign firms suffer all of it, a firm's name on its own
/// country's declaration a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dirt {
    /// A word transliterated another way.
    pub spelling: u16,
    /// Another form of the legal form, or none.
    pub form: u16,
    /// Words in another order.
    pub order: u16,
    /// A word of the business abbreviated, or left out.
    pub abbreviated: u16,
    /// A letter wrong, missing, doubled or exchanged.
    pub typo: u16,
    /// Marks on letters lost.
    pub unmarked: u16,
    /// Everything in capitals.
    pub capitals: u16,
    /// Two words joined, or one parted.
    pub joined: u16,
    /// Cut off after 35 or 70 characters.
    pub cut: u16,
    /// Another of the codes a port has.
    pub place: u16,
    /// A weighed quantity that differs by up to 0.4%.
    pub weighed: u16,
    /// A declared origin left out.
    pub missing: u16,
}

impl Dirt {
    /// No dirt at all; the scripts still differ.
    pub const NONE: Self = Self {
        spelling: 0,
        form: 0,
        order: 0,
        abbreviated: 0,
        typo: 0,
        unmarked: 0,
        capitals: 0,
        joined: 0,
        cut: 0,
        place: 0,
        weighed: 0,
        missing: 0,
    };

    /// What careful declarants leave.
    pub const LIGHT: Self = Self {
        spelling: 60,
        form: 200,
        order: 20,
        abbreviated: 60,
        typo: 20,
        unmarked: 100,
        capitals: 250,
        joined: 30,
        cut: 20,
        place: 40,
        weighed: 60,
        missing: 5,
    };

    /// What real files look like on a bad lane.
    pub const HEAVY: Self = Self {
        spelling: 300,
        form: 600,
        order: 120,
        abbreviated: 300,
        typo: 200,
        unmarked: 500,
        capitals: 500,
        joined: 150,
        cut: 120,
        place: 150,
        weighed: 250,
        missing: 20,
    };
}

/// How often which thing happens to a consignment, permille; what is left is clean. Things that are seen only where
/// the export is shared happen only there, so these are shares of the shared consignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// One export, several imports.
    pub split: u16,
    /// Several exports, one import.
    pub merged: u16,
    /// A part has come, the rest is on its way.
    pub partial: u16,
    /// The export was cancelled and the goods never left.
    pub cancelled: u16,
    /// The export was replaced by a corrected one, and the import agrees with that.
    pub replaced: u16,
    /// Frauds, all kinds alike.
    pub fraud: u16,
    /// Goods that came without an import declaration of the usual kind, as a low-value parcel.
    pub low_value: u16,
    /// Goods that went into a free zone and are not declared yet.
    pub free_zone: u16,
    /// The import names the country the goods passed through as the country of export.
    pub third_country: u16,
    /// The goods came later than the usual time.
    pub delayed: u16,
    /// Freight and insurance so high that the values differ by an eighth to a third.
    pub dear_freight: u16,
    /// A line declared in another unit: tonnes for kilograms, pieces for dozens.
    pub unit: u16,
    /// A line the exporter still declares by the six digits of the edition of 2017, where that differs.
    pub edition: u16,
}

impl Mix {
    /// What a working day looks like, with frauds as rare as a customs officer hopes.
    pub const USUAL: Self = Self {
        split: 50,
        merged: 30,
        partial: 25,
        cancelled: 10,
        replaced: 15,
        fraud: 20,
        low_value: 20,
        free_zone: 15,
        third_country: 20,
        delayed: 25,
        dear_freight: 20,
        unit: 80,
        edition: 300,
    };

    /// Nothing but clean consignments.
    pub const CLEAN: Self = Self {
        split: 0,
        merged: 0,
        partial: 0,
        cancelled: 0,
        replaced: 0,
        fraud: 0,
        low_value: 0,
        free_zone: 0,
        third_country: 0,
        delayed: 0,
        dear_freight: 0,
        unit: 0,
        edition: 0,
    };
}

impl Mix {
    /// How many consignments of a thousand are not clean.
    #[must_use]
    pub fn sum(&self) -> u32 {
        let once = [
            self.split,
            self.merged,
            self.partial,
            self.cancelled,
            self.replaced,
            self.fraud,
            self.low_value,
            self.free_zone,
            self.third_country,
            self.delayed,
            self.dear_freight,
        ];
        once.into_iter().map(u32::from).sum()
    }
}

impl Plan {
    /// A morning among Viet Nam, Thailand, Laos and China: some two hundred consignments, light dirt.
    #[must_use]
    pub fn morning(seed: u64, date: Date) -> Self {
        Self {
            seed,
            date,
            days: 10,
            lanes: Lane::between(&["VN", "TH", "LA", "CN"], 800),
            consignments: 200,
            firms: 0,
            dirt: Dirt::LIGHT,
            mix: Mix::USUAL,
            quoted: 350,
        }
    }

    /// A month on one lane with heavy dirt, no quoted numbers and six exporters in ten consenting: what a matcher is
    /// measured on.
    #[must_use]
    pub fn matching(seed: u64, date: Date, consignments: u64) -> Self {
        Self {
            days: 30,
            lanes: vec![Lane::new("TH", "VN", 600, 1)],
            consignments,
            dirt: Dirt::HEAVY,
            quoted: 0,
            ..Self::morning(seed, date)
        }
    }

    /// How many exporters each country has.
    pub(crate) fn population(&self) -> usize {
        let usual = (self.consignments / 25).clamp(40, 60_000);
        if self.firms == 0 { usize::try_from(usual).unwrap_or(60_000) } else { self.firms as usize }
    }
}
