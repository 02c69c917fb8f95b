//! A past kept for trying profiles: for every value, the lines that have it.

use customs::terms::{Bag, Column, Lists, Profile, Test};

use crate::batch::Lines;

/// Lines of the past with, for every value of every column, the rows that have it.
#[derive(Debug)]
pub struct History {
    lines: Lines,
    columns: Vec<Vec<Vec<u32>>>,
    bags: Vec<Vec<Vec<u32>>>,
}

impl History {
    /// Takes the past in.
    ///
    /// # Panics
    /// Where there are over four billion lines.
    #[must_use]
    pub fn new(lines: Lines) -> Self {
        let rows = u32::try_from(lines.len()).expect("a past of fewer than four billion lines");
        let columns = Column::ALL.iter().map(|column| {
            let texts = lines.column(*column);
            let mut of_value = vec![Vec::new(); texts.names().len()];
            for (row, code) in (0..rows).zip(texts.codes()) {
                of_value[*code as usize].push(row);
            }
            of_value
        });
        let bags = Bag::ALL.iter().map(|bag| {
            let bags = lines.bags(*bag);
            let mut of_value = vec![Vec::new(); bags.names().len()];
            for row in 0..rows {
                bags.codes(row as usize).iter().for_each(|code| of_value[*code as usize].push(row));
            }
            of_value
        });
        let (columns, bags) = (columns.collect(), bags.collect());
        Self { lines, columns, bags }
    }

    /// The lines.
    #[must_use]
    pub const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The rows a profile would have chosen, in their order. Only the rows that meet its narrowest test are looked at.
    #[must_use]
    pub fn chosen(&self, profile: &Profile, lists: &impl Lists) -> Vec<u32> {
        let narrow = profile.tests.iter().filter_map(|test| self.rows_of(test, lists));
        let narrowest = narrow.min_by_key(|rows| rows.iter().map(|rows| rows.len()).sum::<usize>());
        let meets = |row: &u32| profile.matches(&self.lines.row(*row as usize), lists);
        let Some(lists_of_rows) = narrowest else {
            return (0..self.lines.len() as u32).filter(meets).collect();
        };
        let mut rows: Vec<u32> = lists_of_rows.into_iter().flatten().copied().filter(meets).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The rows of all values that meet a test, as they are kept; `None` for bands and for what must be absent in bags.
    fn rows_of(&self, test: &Test, lists: &impl Lists) -> Option<Vec<&Vec<u32>>> {
        if let Some(column) = test.column() {
            let names = self.lines.column(column).names().iter().zip(&self.columns[column.place()]);
            return Some(
                names.filter(|(name, _)| test.holds_for(name, lists)).map(|(_, rows)| rows).collect(),
            );
        }
        let Test::Has { bag, sense: customs::terms::Sense::Any, values } = test else { return None };
        let names = self.lines.bags(*bag).names().iter().zip(&self.bags[bag.place()]);
        Some(names.filter(|(name, _)| values.contains(*name)).map(|(_, rows)| rows).collect())
    }
}
