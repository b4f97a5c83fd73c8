//! A number in a red pill, drawn into the lower right corner of an icon.

/// Three by five dots for each sign, a row in the lowest three bits.
const SIGNS: [(char, [u8; 5]); 11] = [
    ('0', [0b111, 0b101, 0b101, 0b101, 0b111]),
    ('1', [0b010, 0b110, 0b010, 0b010, 0b111]),
    ('2', [0b111, 0b001, 0b111, 0b100, 0b111]),
    ('3', [0b111, 0b001, 0b111, 0b001, 0b111]),
    ('4', [0b101, 0b101, 0b111, 0b001, 0b001]),
    ('5', [0b111, 0b100, 0b111, 0b001, 0b111]),
    ('6', [0b111, 0b100, 0b111, 0b101, 0b111]),
    ('7', [0b111, 0b001, 0b010, 0b010, 0b010]),
    ('8', [0b111, 0b101, 0b111, 0b101, 0b111]),
    ('9', [0b111, 0b101, 0b111, 0b001, 0b111]),
    ('+', [0b000, 0b010, 0b111, 0b010, 0b000]),
];
const RED: [u8; 3] = [0xd9, 0x2d, 0x20];
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];
/// More is told as `99+`.
const SHOWN_MAX: u32 = 99;

/// What the pill says; nothing: no pill.
pub(super) fn label(unread: u32) -> Option<String> {
    match unread {
        0 => None,
        1..=SHOWN_MAX => Some(unread.to_string()),
        _ => Some(format!("{SHOWN_MAX}+")),
    }
}

/// The icon with the pill; all measures follow from its height.
pub(super) fn draw(rgba: &[u8], width: u32, height: u32, label: &str) -> Vec<u8> {
    let signs = label.chars().count() as u32;
    // Narrower dots for three signs, so that they fit beside one another.
    let dot = if signs > 2 { height / 14 } else { height / 10 };
    let text = (signs * 4 - 1) * dot;
    let pill_height = height * 5 / 8;
    let pill_width = pill_height.max(text + pill_height / 3).min(width);
    let (left, top) = (width - pill_width, height - pill_height);
    let mut out = rgba.to_vec();
    for (at, pixel) in out.chunks_exact_mut(4).enumerate() {
        let (x, y) = (at as u32 % width, at as u32 / width);
        let inside = coverage(x, y, left, top, pill_width, pill_height);
        if inside > 0.0 {
            blend(pixel, RED, inside);
        }
    }
    let (text_left, text_top) = (left + (pill_width - text) / 2, top + (pill_height - 5 * dot) / 2);
    for (place, sign) in label.chars().enumerate() {
        let rows = SIGNS.iter().find(|(known, _)| *known == sign).map_or([0; 5], |(_, rows)| *rows);
        for (row, bits) in (0_u32..).zip(rows) {
            for column in (0..3_u32).filter(|column| bits & (0b100 >> column) != 0) {
                let x = text_left + (place as u32 * 4 + column) * dot;
                fill(&mut out, width, (x, text_top + row * dot), dot);
            }
        }
    }
    out
}

/// How much of a pixel lies in the pill: its ends are half circles.
fn coverage(x: u32, y: u32, left: u32, top: u32, width: u32, height: u32) -> f32 {
    let radius = height as f32 / 2.0;
    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
    let middle = px.clamp(left as f32 + radius, (left + width) as f32 - radius);
    let distance = ((px - middle).powi(2) + (py - (top as f32 + radius)).powi(2)).sqrt();
    (radius - distance + 0.5).clamp(0.0, 1.0)
}

fn blend(pixel: &mut [u8], colour: [u8; 3], part: f32) {
    let mix = |from: u8, to: u8| (f32::from(from) * (1.0 - part) + f32::from(to) * part).round() as u8;
    for (channel, wanted) in pixel.iter_mut().zip(colour) {
        *channel = mix(*channel, wanted);
    }
    if let Some(alpha) = pixel.get_mut(3) {
        *alpha = mix(*alpha, u8::MAX);
    }
}

fn fill(out: &mut [u8], width: u32, (left, top): (u32, u32), dot: u32) {
    for y in top..top + dot {
        for x in left..left + dot {
            let at = ((y * width + x) * 4) as usize;
            if let Some(pixel) = out.get_mut(at..at + 4) {
                blend(pixel, WHITE, 1.0);
            }
        }
    }
}
