//! Thrift's compact protocol, as far as Parquet's metadata needs it: values by field number.

use std::collections::BTreeMap;

use super::ParquetFault;

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Bytes(&'a [u8]),
    List(Vec<Self>),
    Struct(Fields<'a>),
    /// A number of a kind the metadata we look at has none of.
    Other,
}

/// A structure: values by field number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields<'a>(BTreeMap<i16, Value<'a>>);

impl<'a> Fields<'a> {
    /// Reads a structure; gives it and how many bytes it took.
    pub(super) fn read(bytes: &'a [u8]) -> Result<(Self, usize), ParquetFault> {
        let mut reader = Reader { bytes, at: 0 };
        let fields = reader.fields(0)?;
        Ok((fields, reader.at))
    }

    pub(super) fn int(&self, field: i16) -> Option<i64> {
        match self.0.get(&field) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn is_false(&self, field: i16) -> bool {
        matches!(self.0.get(&field), Some(Value::Bool(false)))
    }

    pub(super) fn text(&self, field: i16) -> Option<String> {
        match self.0.get(&field) {
            Some(Value::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    pub(super) fn inner(&self, field: i16) -> Option<&Self> {
        match self.0.get(&field) {
            Some(Value::Struct(fields)) => Some(fields),
            _ => None,
        }
    }

    /// The structures of a list.
    pub(super) fn list(&self, field: i16) -> impl Iterator<Item = &Self> {
        let list = match self.0.get(&field) {
            Some(Value::List(list)) => list.as_slice(),
            _ => &[],
        };
        list.iter().filter_map(|value| match value {
            Value::Struct(fields) => Some(fields),
            _ => None,
        })
    }

    /// The texts of a list.
    pub(super) fn texts(&self, field: i16) -> Vec<String> {
        let Some(Value::List(list)) = self.0.get(&field) else { return Vec::new() };
        let text = |value: &Value<'_>| match value {
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        };
        list.iter().filter_map(text).collect()
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The kinds of the compact protocol.
const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
/// How deep structures in structures are read.
const DEPTH_MAX: u8 = 24;

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, ParquetFault> {
        let byte = *self.bytes.get(self.at).ok_or(ENDS)?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ParquetFault> {
        let end = self.at.checked_add(count).ok_or(ENDS)?;
        let taken = self.bytes.get(self.at..end).ok_or(ENDS)?;
        self.at = end;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64, ParquetFault> {
        let (value, taken) = varint(&self.bytes[self.at..]).ok_or(ENDS)?;
        self.at += taken;
        Ok(value)
    }

    fn zigzag(&mut self) -> Result<i64, ParquetFault> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn fields(&mut self, depth: u8) -> Result<Fields<'a>, ParquetFault> {
        if depth > DEPTH_MAX {
            return Err(ParquetFault::Damaged("metadata too deep"));
        }
        let (mut fields, mut number) = (Fields::default(), 0_i16);
        loop {
            let head = self.byte()?;
            if head == STOP {
                return Ok(fields);
            }
            let step = i16::from(head >> 4);
            number = if step == 0 { self.zigzag()? as i16 } else { number.wrapping_add(step) };
            let value = match head & 0x0f {
                TRUE => Value::Bool(true),
                FALSE => Value::Bool(false),
                kind => self.value(kind, depth)?,
            };
            fields.0.insert(number, value);
        }
    }

    fn value(&mut self, kind: u8, depth: u8) -> Result<Value<'a>, ParquetFault> {
        Ok(match kind {
            // As an element, unlike as a field, a truth value has its own byte.
            TRUE | FALSE => Value::Bool(self.byte()? == TRUE),
            BYTE => Value::Int(i64::from(self.byte()? as i8)),
            I16 | I32 | I64 => Value::Int(self.zigzag()?),
            DOUBLE => {
                self.take(8)?;
                Value::Other
            }
            BINARY => {
                let length = usize::try_from(self.varint()?).map_err(|_| ENDS)?;
                Value::Bytes(self.take(length)?)
            }
            LIST | SET => self.list(depth)?,
            MAP => self.map(depth)?,
            STRUCT => Value::Struct(self.fields(depth + 1)?),
            _ => return Err(ParquetFault::Damaged("metadata of an unknown kind")),
        })
    }

    fn list(&mut self, depth: u8) -> Result<Value<'a>, ParquetFault> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).map_err(|_| ENDS)?,
            short => usize::from(short),
        };
        // Every element takes a byte at least, so that no count can be larger than what is left.
        if count > self.bytes.len() - self.at || depth > DEPTH_MAX {
            return Err(ENDS);
        }
        let elements = (0..count).map(|_| self.value(head & 0x0f, depth + 1));
        elements.collect::<Result<Vec<_>, _>>().map(Value::List)
    }

    fn map(&mut self, depth: u8) -> Result<Value<'a>, ParquetFault> {
        let count = usize::try_from(self.varint()?).map_err(|_| ENDS)?;
        if count > self.bytes.len() - self.at || depth > DEPTH_MAX {
            return Err(ENDS);
        }
        if count > 0 {
            let kinds = self.byte()?;
            for _ in 0..count {
                self.value(kinds >> 4, depth + 1)?;
                self.value(kinds & 0x0f, depth + 1)?;
            }
        }
        Ok(Value::Other)
    }
}

/// A number of seven bits a byte, the least first, and how many bytes it took.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (at * 7);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

const ENDS: ParquetFault = ParquetFault::Damaged("the metadata ends too early");
