//! Pictures of every form made small; and what only says that it is one.

use super::{Drawn, Form, shrink};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, RgbaImage};
use pod_shared::limits::{PREVIEW_MEMORY_BYTES_MAX, PREVIEW_PIXELS_MAX, PREVIEW_SIDE_PX};
use std::io::Cursor;

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn small(bytes: &[u8]) -> Option<Drawn> {
    shrink(Cursor::new(bytes), PREVIEW_SIDE_PX).unwrap()
}

fn sides(drawn: &Drawn) -> (u32, u32) {
    image::load_from_memory(&drawn.bytes).unwrap().dimensions()
}

/// A PNG that says it has this many pixels of this depth, and has none.
fn hollow_png(width: u32, height: u32, bits: u8, colour: u8) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([bits, colour, 0, 0, 0]);
    let mut crc = u32::MAX;
    for byte in &chunk {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(13_u32.to_be_bytes());
    png.extend(chunk);
    png.extend((!crc).to_be_bytes());
    png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    png
}

/// The JPEG with a note of how the camera was held.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend(u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn each_form_becomes_a_small_picture_of_the_same_shape() {
    let opaque = DynamicImage::ImageRgb8(RgbImage::from_pixel(1_300, 650, Rgb([9, 99, 199])));
    let forms = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::WebP, ImageFormat::Gif];
    for format in forms {
        let source =
            if format == ImageFormat::Gif { DynamicImage::from(opaque.to_rgba8()) } else { opaque.clone() };
        let drawn = small(&encoded(&source, format)).unwrap();
        assert_eq!(sides(&drawn), (PREVIEW_SIDE_PX, PREVIEW_SIDE_PX / 2), "{format:?}");
    }
    let clear = DynamicImage::ImageRgba8(RgbaImage::new(20, 30));
    let drawn = small(&encoded(&clear, ImageFormat::Png)).unwrap();
    assert_eq!((drawn.form, sides(&drawn)), (Form::Png, (20, 30)), "small ones keep their size");
    assert_eq!(small(&encoded(&opaque, ImageFormat::Png)).unwrap().form, Form::Jpeg);
}

#[test]
fn a_photograph_stands_as_it_was_taken_and_says_no_more_of_itself() {
    let photograph = DynamicImage::ImageRgb8(RgbImage::new(80, 40));
    let jpeg = encoded(&photograph, ImageFormat::Jpeg);
    for (orientation, expected) in [(1, (80, 40)), (3, (80, 40)), (6, (40, 80)), (8, (40, 80))] {
        let drawn = small(&turned(&jpeg, orientation)).unwrap();
        assert_eq!(sides(&drawn), expected, "{orientation}");
        assert!(!drawn.bytes.windows(4).any(|part| part == b"Exif"));
    }
}

#[test]
fn what_is_no_picture_or_beyond_the_limits_gives_none() {
    let side = u32::try_from(PREVIEW_PIXELS_MAX.isqrt()).unwrap();
    assert!(u64::from(side) * u64::from(side) * 8 > PREVIEW_MEMORY_BYTES_MAX, "16 bits of four colours");
    let sound = encoded(&DynamicImage::new_rgb8(64, 64), ImageFormat::Png);
    let hostile: [(&str, Vec<u8>); 8] = [
        ("empty", Vec::new()),
        ("text", b"#!/bin/sh\necho this is no picture\n".to_vec()),
        ("too many pixels", hollow_png(side + 1, side + 1, 8, 2)),
        ("absurd", hollow_png(u32::MAX >> 1, u32::MAX >> 1, 16, 6)),
        ("too much memory", hollow_png(side, side, 16, 6)),
        ("hollow", hollow_png(64, 64, 8, 2)),
        ("truncated", sound[..sound.len() / 2].to_vec()),
        ("only a head", sound[..20].to_vec()),
    ];
    for (what, bytes) in hostile {
        assert_eq!(small(&bytes), None, "{what}");
    }
    let bomb = encoded(&DynamicImage::new_luma8(12_000, 12_000), ImageFormat::Png);
    assert!(bomb.len() < 1_000_000);
    assert_eq!(small(&bomb), None, "a small file that would be a large picture");
}
