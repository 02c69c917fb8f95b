//! Wildlife: one name for each species, its appendix, and the names it is met under.
//!
//! General knowledge of the field on species often met in the region, not the index of CITES; a species that is not here
//! keeps the name it was entered with, and its permit is a person's to look up.

/// A species or group and its appendix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Species {
    /// The scientific name.
    pub name: &'static str,
    /// The appendix of CITES: `I`, `II`, or `I/II` where populations differ.
    pub appendix: &'static str,
    /// Other names, of the species and of what is traded of it.
    pub aliases: &'static [&'static str],
}

/// The species a name means; `None` where it is not known here.
#[must_use]
pub fn species(said: &str) -> Option<&'static Species> {
    let said = folded(said);
    if said.is_empty() {
        return None;
    }
    SPECIES.iter().find(|species| {
        folded(species.name) == said || species.aliases.iter().any(|alias| folded(alias) == said)
    })
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const fn known(name: &'static str, appendix: &'static str, aliases: &'static [&'static str]) -> Species {
    Species { name, appendix, aliases }
}

const SPECIES: &[Species] = &[
    known(
        "Loxodonta africana",
        "I/II",
        &["african elephant", "african ivory", "ngà voi châu phi", "ivory", "ngà voi"],
    ),
    known("Elephas maximus", "I", &["asian elephant", "voi châu á"]),
    known("Rhinocerotidae", "I", &["rhino horn", "rhinoceros", "sừng tê giác"]),
    known("Manis spp.", "I", &["pangolin", "pangolin scales", "vảy tê tê", "tê tê"]),
    known("Panthera tigris", "I", &["tiger", "tiger bone", "cao hổ", "hổ"]),
    known("Panthera leo", "I/II", &["lion", "lion bone"]),
    known("Ursus thibetanus", "I", &["asiatic black bear", "bear bile", "mật gấu"]),
    known("Helarctos malayanus", "I", &["sun bear"]),
    known("Dalbergia cochinchinensis", "II", &["siam rosewood", "trắc"]),
    known("Dalbergia spp.", "II", &["rosewood", "gỗ trắc"]),
    known("Pterocarpus erinaceus", "II", &["kosso", "african rosewood"]),
    known("Afzelia spp.", "II", &["doussie", "gỗ gõ"]),
    known("Aquilaria spp.", "II", &["agarwood", "trầm hương"]),
    known("Python bivittatus", "II", &["burmese python", "trăn đất"]),
    known("Cuora spp.", "II", &["asian box turtle", "rùa hộp"]),
    known("Geochelone elegans", "I", &["indian star tortoise"]),
    known("Eretmochelys imbricata", "I", &["hawksbill", "đồi mồi"]),
    known("Hippocampus spp.", "II", &["seahorse", "cá ngựa"]),
    known("Anguilla anguilla", "II", &["european eel", "glass eel"]),
    known("Sphyrna spp.", "II", &["hammerhead shark", "shark fin"]),
    known("Tridacna spp.", "II", &["giant clam", "tai tượng"]),
    known("Saiga tatarica", "II", &["saiga horn", "sừng linh dương"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_traded_leads_to_the_species_and_its_appendix() {
        let found = species("vảy Tê tê").map(|species| (species.name, species.appendix));
        assert_eq!(found, Some(("Manis spp.", "I")));
        assert_eq!(species("cotton"), None);
    }
}
