//! Texts laid one after the other, so that a million of them take little more memory than their letters.

/// A list of texts.
#[derive(Debug, Default)]
pub(super) struct List {
    letters: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl List {
    pub(super) fn push(&mut self, text: &str) {
        self.letters.push_str(text);
        self.ends.push(self.letters.len());
    }

    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn clear(&mut self) {
        self.letters.clear();
        self.ends.clear();
    }

    /// The text in this place, from 0; an empty one past the end.
    pub(super) fn at(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends.get(place).map_or("", |end| &self.letters[start..*end])
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.at(place))
    }

    /// The first place of each text, in order.
    pub(super) fn distinct(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.len()).collect();
        places.sort_by_key(|place| (self.at(*place), *place));
        places.dedup_by_key(|place| self.at(*place));
        places.sort_unstable();
        places
    }

    /// The texts in these places.
    pub(super) fn only(&self, places: &[usize]) -> Self {
        let mut list = Self::default();
        places.iter().for_each(|place| list.push(self.at(*place)));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_stays_once_where_it_stood_first() {
        let mut list = List::default();
        for text in ["b", "", "a", "b", "ấ", "a"] {
            list.push(text);
        }
        let places = list.distinct();
        assert_eq!(places, [0, 1, 2, 4]);
        assert_eq!(list.only(&places).iter().collect::<Vec<_>>(), ["b", "", "a", "ấ"]);
        assert_eq!((list.at(6), list.len()), ("", 6));
    }
}
