//! Kinds of activities that came after this version: read as [`ActivityKind::Unknown`] instead of breaking the page that they
//! stand in.

use super::ActivityKind;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// Reads a kind, whether it is known or not.
pub(super) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ActivityKind, D::Error> {
    deserializer.deserialize_any(Kind)
}

/// The words of the kinds that are known, as they are written.
const KNOWN: &[&str] = &[
    "group_created",
    "upload_started",
    "uploaded",
    "upload_cancelled",
    "modified",
    "downloaded",
    "folder_created",
    "renamed",
    "moved",
    "deleted",
    "restored",
    "room_picture",
    "conflict_kept",
    "version_restored",
    "locked",
    "unlocked",
    "lock_expired",
    "lock_broken",
    "commented",
    "comment_deleted",
    "rated",
    "opened",
    "opened_told",
    "unknown",
];

struct Kind;

impl<'de> Visitor<'de> for Kind {
    type Value = ActivityKind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a kind of activity")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<ActivityKind, E> {
        if !KNOWN.contains(&word) {
            return Ok(ActivityKind::Unknown { was: word.to_owned() });
        }
        ActivityKind::deserialize(StrDeserializer::new(word))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ActivityKind, A::Error> {
        let none = || A::Error::custom("a kind of activity without a word");
        let word: String = map.next_key()?.ok_or_else(none)?;
        if !KNOWN.contains(&word.as_str()) {
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

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.word.take() {
            Some(word) => seed.deserialize(serde::de::value::StringDeserializer::new(word)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: serde::de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
