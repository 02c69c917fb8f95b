//! Two small forms that every procedure repeats, written once.

/// The stages of a procedure: each with its word in lists.
macro_rules! stages {
    ($($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        /// Where a case stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Stage {
            $($(#[$doc])+ $name,)+
        }

        impl Stage {
            /// The stage's word in lists.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

/// The name each act bears in the table.
macro_rules! named {
    ($($variant:ident = $name:literal,)+) => {
        impl kernel::Named for Act {
            fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                }
            }
        }
    };
}

/// A short code list: each code with its word, and the words as forms offer them.
macro_rules! codes {
    ($(#[$meta:meta])+ $list:ident: $($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        $(#[$meta])+
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $list {
            $($(#[$doc])+ #[serde(rename = $word)] $name,)+
        }

        impl $list {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
            /// The codes as forms offer them.
            pub const CODES: &'static [&'static str] = &[$($word,)+];

            /// The code in records, messages and addresses.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

pub(crate) use {codes, named, stages};
