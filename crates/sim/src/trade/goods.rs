//! What is traded: real commodity codes of the AHTN 2022 with plausible units, values, weights and lots.
//!
//! The table is `goods.txt`. The codes and the correlation to the edition of 2017 are facts of the nomenclatures; the
//! words, values, weights and lots are ours and only plausible.

/// One kind of goods.
#[derive(Clone, Debug)]
pub(crate) struct Good {
    /// Eight digits of the AHTN 2022.
    pub(crate) code: &'static str,
    /// The six digits of the HS 2017 where the code moved.
    pub(crate) was: Option<&'static str>,
    /// Unit of the tariff quantity (UN/ECE Recommendation 20).
    pub(crate) unit: &'static str,
    /// Value of one unit in United States cents, from and to.
    pub(crate) cents: (i64, i64),
    /// Net mass of one unit in grams.
    pub(crate) grams: i64,
    /// Usual lot in units, from and to.
    pub(crate) lot: (i64, i64),
    /// The countries that export it.
    pub(crate) from: Vec<&'static str>,
    /// What it is, in a few words.
    pub(crate) words: &'static str,
}

impl Good {
    /// The first six digits: the Harmonized System.
    pub(crate) fn hs6(&self) -> &'static str {
        &self.code[..6]
    }

    /// The first two digits.
    pub(crate) fn chapter(&self) -> &'static str {
        &self.code[..2]
    }
}

/// All goods, in the order of the nomenclature.
pub(crate) fn catalogue() -> Vec<Good> {
    let lines = include_str!("goods.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| read(line).expect("goods.txt is our own table, read in full by a test")).collect()
}

/// Reads one line of the table: eight columns, the last one free text.
fn read(line: &'static str) -> Option<Good> {
    let mut columns = line.split_whitespace();
    let [code, unit, cents, grams, lot, was] = std::array::from_fn(|_| columns.next().unwrap_or(""));
    let rest: Vec<&str> = columns.collect();
    let words = rest.iter().position(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))?;
    Some(Good {
        code,
        was: (was != "-").then_some(was),
        unit,
        cents: range(cents)?,
        grams: grams.parse().ok()?,
        lot: range(lot)?,
        from: rest[..words].to_vec(),
        words: &line[line.find(rest[words])?..],
    })
}

/// Reads `from-to`.
pub(crate) fn range(text: &str) -> Option<(i64, i64)> {
    let (low, high) = text.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

/// The national code of these goods in a country: the AHTN in the countries that share it; ten digits of which only
/// six are common with it in China.
pub(crate) fn national(good: &Good, country: &str) -> String {
    if country != "CN" {
        return good.code.to_owned();
    }
    let tail = ["0000", "1000", "9000", "9090", "2000"];
    let place = good.code.bytes().map(usize::from).sum::<usize>() % tail.len();
    format!("{}{}", good.hs6(), tail[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_in_full_and_is_plausible() {
        let goods = catalogue();
        assert_eq!(goods.len(), include_str!("goods.txt").lines().count() - 1);
        for good in &goods {
            assert!(
                good.code.len() == 8 && good.code.bytes().all(|digit| digit.is_ascii_digit()),
                "{good:?}"
            );
            assert!(good.cents.0 < good.cents.1 && good.lot.0 < good.lot.1 && good.grams > 0, "{good:?}");
            assert!(!good.from.is_empty() && good.words.len() > 3, "{good:?}");
        }
        assert!(goods.windows(2).filter(|pair| pair[0].code == pair[1].code).count() == 0);
    }

    #[test]
    fn each_country_has_goods_of_many_chapters_to_sell() {
        for country in ["VN", "TH", "LA", "CN"] {
            let goods = catalogue();
            let mut chapters: Vec<_> =
                goods.iter().filter(|good| good.from.contains(&country)).map(Good::chapter).collect();
            chapters.dedup();
            assert!(chapters.len() >= 15, "{country}: {chapters:?}");
        }
    }
}
