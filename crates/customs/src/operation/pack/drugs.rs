//! Drugs and new psychoactive substances: one name for each substance, and the names it is met under.
//!
//! General knowledge of the field, not an official list; a substance that is not here keeps the name it was entered with.

/// A substance and how it is controlled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Substance {
    /// Its common name.
    pub name: &'static str,
    /// Its class.
    pub class: &'static str,
    /// Whether it is under one of the international conventions, by their years.
    pub convention: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
}

/// The substance a name means; `None` where it is not known here.
#[must_use]
pub fn substance(said: &str) -> Option<&'static Substance> {
    let said = folded(said);
    if said.is_empty() {
        return None;
    }
    SUBSTANCES.iter().find(|substance| {
        folded(substance.name) == said || substance.aliases.iter().any(|alias| folded(alias) == said)
    })
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const fn known(
    name: &'static str,
    class: &'static str,
    convention: &'static str,
    aliases: &'static [&'static str],
) -> Substance {
    Substance { name, class, convention, aliases }
}

const SUBSTANCES: &[Substance] = &[
    known(
        "methamphetamine",
        "stimulant",
        "1971",
        &["ice", "crystal meth", "ya ba", "yaba", "ma túy đá", "hồng phiến", "shabu"],
    ),
    known("amphetamine", "stimulant", "1971", &["speed"]),
    known(
        "MDMA",
        "stimulant",
        "1971",
        &["ecstasy", "molly", "thuốc lắc", "3,4-methylenedioxymethamphetamine"],
    ),
    known("ketamine", "dissociative", "-", &["ke", "special k", "ketamin"]),
    known("heroin", "opioid", "1961", &["diamorphine", "diacetylmorphine", "heroine"]),
    known("fentanyl", "opioid", "1961", &["fentanil", "china white"]),
    known("carfentanil", "opioid", "1961", &["carfentanyl", "wildnil"]),
    known("acetylfentanyl", "opioid", "1961", &["acetyl fentanyl", "desmethyl fentanyl"]),
    known("U-47700", "opioid", "1961", &["u4", "pink"]),
    known("isotonitazene", "opioid", "1961", &["iso", "nitazene"]),
    known("metonitazene", "opioid", "1961", &[]),
    known("protonitazene", "opioid", "1961", &[]),
    known("cocaine", "stimulant", "1961", &["coke", "cocain"]),
    known("cannabis", "cannabinoid", "1961", &["marijuana", "weed", "cần sa", "ganja"]),
    known("JWH-018", "synthetic cannabinoid", "1971", &["spice", "am-678"]),
    known("5F-ADB", "synthetic cannabinoid", "1971", &["5f-mdmb-pinaca"]),
    known("MDMB-4en-PINACA", "synthetic cannabinoid", "1971", &["mdmb4enpinaca", "cỏ mỹ"]),
    known("ADB-BUTINACA", "synthetic cannabinoid", "1971", &["adbb", "adb-binaca"]),
    known("mephedrone", "cathinone", "1971", &["4-mmc", "4-methylmethcathinone", "meow meow"]),
    known("3-MMC", "cathinone", "1971", &["3-methylmethcathinone", "metaphedrone"]),
    known("MDPV", "cathinone", "1971", &["3,4-methylenedioxypyrovalerone", "bath salts"]),
    known("alpha-PVP", "cathinone", "1971", &["flakka", "a-pvp"]),
    known("eutylone", "cathinone", "1971", &["bk-ebdb"]),
    known("N-ethylhexedrone", "cathinone", "1971", &["hexen", "nep"]),
    known("25I-NBOMe", "hallucinogen", "1971", &["25i", "n-bomb"]),
    known("25B-NBOMe", "hallucinogen", "1971", &["25b"]),
    known("LSD", "hallucinogen", "1971", &["acid", "tem giấy", "lysergide"]),
    known("2C-B", "hallucinogen", "1971", &["nexus", "tusi"]),
    known("DMT", "hallucinogen", "1971", &["n,n-dimethyltryptamine"]),
    known("GHB", "depressant", "1971", &["gamma-hydroxybutyrate", "liquid ecstasy", "nước biển"]),
    known("GBL", "precursor", "-", &["gamma-butyrolactone"]),
    known("etizolam", "depressant", "1971", &["etilaam"]),
    known("flualprazolam", "depressant", "1971", &[]),
    known("clonazolam", "depressant", "1971", &["clam"]),
    known("nimetazepam", "depressant", "1971", &["erimin", "happy five", "five five"]),
    known("kratom", "plant", "-", &["mitragynine", "mitragyna speciosa"]),
    known("khat", "plant", "-", &["cathinone leaves", "lá khát", "catha edulis"]),
    known("ephedrine", "precursor", "1988", &["ephedrin"]),
    known("pseudoephedrine", "precursor", "1988", &["pseudoephedrin", "pse"]),
    known("acetic anhydride", "precursor", "1988", &["ac2o", "anhydrid acetic"]),
    known("NPP", "precursor", "1988", &["n-phenethyl-4-piperidone"]),
    known("ANPP", "precursor", "1988", &["4-anpp", "despropionyl fentanyl"]),
    known("1-boc-4-AP", "precursor", "1988", &["1-boc-4-anilinopiperidine"]),
    known("safrole", "precursor", "1988", &["sassafras oil", "xá xị"]),
    known("PMK", "precursor", "1988", &["mdp2p", "piperonyl methyl ketone"]),
    known("BMK", "precursor", "1988", &["p2p", "1-phenyl-2-propanone"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_alias_in_any_spelling_is_its_substance() {
        for (said, name) in [
            ("Ya-Ba", "methamphetamine"),
            ("4 MMC", "mephedrone"),
            ("MA TÚY ĐÁ", "methamphetamine"),
            ("5f mdmb pinaca", "5F-ADB"),
        ] {
            assert_eq!(substance(said).map(|substance| substance.name), Some(name), "{said}");
        }
        assert_eq!(substance("flour"), None);
        assert_eq!(substance("  "), None);
    }

    #[test]
    fn no_name_means_two_substances() {
        let mut seen = BTreeMap::new();
        for substance in SUBSTANCES {
            for name in substance.aliases.iter().chain([&substance.name]) {
                let before = seen.insert(folded(name), substance.name);
                assert!(
                    before.is_none_or(|before| before == substance.name),
                    "{name}: {before:?} and {}",
                    substance.name
                );
            }
        }
    }
}
