//! CBOR for the socket: encode, decode, and tell an unknown frame from a broken one.

use serde::{Serialize, de::DeserializeOwned};

#[cfg(test)]
mod tests;

/// A value could not be written. Does not happen for the types of this crate.
#[derive(Debug, thiserror::Error)]
#[error("cannot encode: {0}")]
pub struct EncodeError(String);

/// Bytes are not the value expected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot decode: {0}")]
pub struct DecodeError(String);

/// A frame as received.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded<T> {
    /// A frame of this version.
    Known(T),
    /// A frame of a newer version: skip it.
    Unknown,
}

/// The bytes of a value.
///
/// # Errors
/// When the value cannot be written as CBOR.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, EncodeError> {
    minicbor_serde::to_vec(value).map_err(|error| EncodeError(error.to_string()))
}

/// The value of the bytes.
///
/// # Errors
/// When they are not that value, or go on after it.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut deserializer = minicbor_serde::Deserializer::new(bytes);
    let value = T::deserialize(&mut deserializer).map_err(|error| DecodeError(error.to_string()))?;
    if deserializer.decoder().position() < bytes.len() {
        return Err(DecodeError("bytes after the value".into()));
    }
    Ok(value)
}

/// A frame, or the fact that it is of a kind this version does not know: a map with one text key, or a text.
///
/// # Errors
/// When the bytes are neither.
pub fn decode_frame<T: DeserializeOwned>(bytes: &[u8]) -> Result<Decoded<T>, DecodeError> {
    match decode(bytes) {
        Ok(frame) => Ok(Decoded::Known(frame)),
        Err(error) if error.0.contains("unknown variant") => Ok(Decoded::Unknown),
        Err(error) => Err(error),
    }
}
