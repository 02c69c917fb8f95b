//! Our own style, script and icon, in the program itself and under names that change with their content.

use std::sync::LazyLock;

use kernel::Digest;

use crate::ask::{Ask, Content, Problem, Reply};

struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 4] = [
    Asset {
        name: "style.css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../static/style.css"),
    },
    Asset {
        name: "page.js",
        media: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../static/page.js"),
    },
    Asset {
        name: "verify.js",
        media: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../static/verify.js"),
    },
    Asset { name: "icon.svg", media: "image/svg+xml", bytes: include_bytes!("../static/icon.svg") },
];

static DIGESTS: LazyLock<[String; 4]> = LazyLock::new(|| ASSETS.map(|asset| Digest::of(asset.bytes).short()));

/// The address of a file of ours.
#[must_use]
pub(crate) fn address(name: &str) -> String {
    let digest = ASSETS.iter().zip(DIGESTS.iter()).find(|(asset, _)| asset.name == name);
    digest.map_or_else(String::new, |(_, digest)| format!("/static/{digest}/{name}"))
}

/// A file of ours; the digest in its address only keeps old copies out.
///
/// # Errors
/// [`Problem::NotFound`] for a name that is not ours.
pub(crate) fn file(ask: &Ask) -> Result<Reply, Problem> {
    let name = ask.params.text("name");
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Problem::NotFound)?;
    Ok(Reply::of(200, Content::Asset { media: asset.media, bytes: asset.bytes }))
}
