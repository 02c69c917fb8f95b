//! The sizes past which a message is refused before anything is built from it.

/// Upper bounds for one received message. All sizes are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole HTTP body.
    pub body_max: usize,
    /// The SOAP envelope alone.
    pub envelope_max: usize,
    /// MIME parts, the envelope included.
    pub parts_max: usize,
    /// The header of one MIME part.
    pub part_header_max: usize,
    /// Depth of elements in the envelope.
    pub depth_max: usize,
    /// Nodes of any kind in the envelope.
    pub nodes_max: u32,
    /// Attributes and namespace declarations on one element.
    pub attributes_max: usize,
    /// Namespace declarations in the whole envelope.
    pub namespaces_max: usize,
    /// All payloads of one message together, after decompression.
    pub payloads_max: usize,
    /// How many times its compressed size one payload may unfold to, once past [`Limits::ratio_from`].
    pub ratio_max: usize,
    /// Unfolded size below which the ratio is not looked at, since small texts compress well.
    pub ratio_from: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_max: 128 << 20,
            envelope_max: 1 << 20,
            parts_max: 128,
            part_header_max: 8 << 10,
            depth_max: 48,
            nodes_max: 50_000,
            attributes_max: 64,
            namespaces_max: 1_024,
            payloads_max: 256 << 20,
            ratio_max: 256,
            ratio_from: 4 << 20,
        }
    }
}
