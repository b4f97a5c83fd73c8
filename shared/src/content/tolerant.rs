//! Kinds of activities that came after this version: read as [`ActivityKind::Unknown`] instead of breaking the page that they
//! stand in.

use super::ActivityKind;
use serde::de::value::{MapAccessDeserializer, StrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use std::fmt;

/// Reads a kind, whether it is known or not.
pub(super) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ActivityKind, D::Error> {
    deserializer.deserialize_any(Kind)
}

/// The words of all kinds of this version, as what reads them names them.
fn known() -> &'static [&'static str] {
    ActivityKind::deserialize(Ask).err().map_or(&[], |Words(words)| words)
}

/// Gives nothing, and hears which words are expected.
struct Ask;

/// Which words were expected.
#[derive(Debug)]
struct Words(&'static [&'static str]);

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of {:?}", self.0)
    }
}

impl std::error::Error for Words {}

impl Error for Words {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Ask {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Words> {
        Err(Words(&[]))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Words> {
        Err(Words(words))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Kind;

impl<'de> Visitor<'de> for Kind {
    type Value = ActivityKind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a kind of activity")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<ActivityKind, E> {
        match known().contains(&word) {
            true => ActivityKind::deserialize(StrDeserializer::new(word)),
            false => Ok(ActivityKind::Unknown { was: word.to_owned() }),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ActivityKind, A::Error> {
        let none = || A::Error::custom("a kind of activity without a word");
        let word: String = map.next_key()?.ok_or_else(none)?;
        if !known().contains(&word.as_str()) {
            map.next_value::<IgnoredAny>()?;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(ActivityKind::Unknown { was: word });
        }
        ActivityKind::deserialize(MapAccessDeserializer::new(Begun { word: Some(word), rest: map }))
    }
}

/// A map whose first key was read already.
struct Begun<A> {
    word: Option<String>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Begun<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.word.take() {
            Some(word) => seed.deserialize(StringDeserializer::new(word)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
