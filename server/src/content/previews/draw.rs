//! A picture made small: decoded within limits, turned the way it was taken, written anew without what it said of
//! itself (place, camera). Blocks. Knows no files and no people.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use pod_shared::limits;
use std::io::{self, BufRead, Cursor, Seek};

#[cfg(test)]
mod tests;

/// Of 100.
const JPEG_QUALITY: u8 = 82;

/// A small picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// How it is written.
    pub(crate) form: Form,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// How a small picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Where something shows through.
    Png,
    /// Everything else.
    Jpeg,
}

impl Form {
    /// Its name on the wire.
    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// The picture with no side longer than `side`; nothing: no picture, or one beyond the limits.
///
/// # Errors
/// When the source cannot be read.
pub(crate) fn shrink(source: impl BufRead + Seek, side: u32) -> io::Result<Option<Drawn>> {
    let reader = ImageReader::new(source).with_guessed_format()?;
    // A decoder that panics has met what it does not understand.
    let work = std::panic::AssertUnwindSafe(|| decoded(reader).and_then(|image| written(image, side)));
    Ok(std::panic::catch_unwind(work).ok().flatten())
}

fn decoded(mut reader: ImageReader<impl BufRead + Seek>) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(limits::PREVIEW_MEMORY_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits::PREVIEW_PIXELS_MAX || decoder.total_bytes() > limits::PREVIEW_MEMORY_BYTES_MAX {
        return None;
    }
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    // Made small first: turning a large picture would copy all of it.
    if let Some(orientation) = orientation {
        image = fitting(image, limits::PREVIEW_SIDE_PX);
        image.apply_orientation(orientation);
    }
    Some(image)
}

fn fitting(image: DynamicImage, side: u32) -> DynamicImage {
    if image.width() > side || image.height() > side { image.thumbnail(side, side) } else { image }
}

fn written(image: DynamicImage, side: u32) -> Option<Drawn> {
    let image = fitting(image, side);
    let mut bytes = Cursor::new(Vec::new());
    let clear = image.color().has_alpha();
    let form = if clear {
        DynamicImage::ImageRgba8(image.into_rgba8()).write_to(&mut bytes, ImageFormat::Png).ok()?;
        Form::Png
    } else {
        JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&image.into_rgb8()).ok()?;
        Form::Jpeg
    };
    Some(Drawn { form, bytes: bytes.into_inner() })
}
