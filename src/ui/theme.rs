//! Every colour, size and font of the window; the only place that names any.

use crate::aggregate::Tone;
use crate::app::{ConnectionColor, Theme};
use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style, TextStyle,
    style::ScrollAnimation,
};
use std::sync::Arc;

/// The design's colours for one theme.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub bg: Color32,
    pub panel: Color32,
    pub raise: Color32,
    pub line: Color32,
    pub text: Color32,
    pub dim: Color32,
    pub faint: Color32,
    pub accent: Color32,
    pub accent_bg: Color32,
    /// Text on an accent-coloured button.
    pub on_accent: Color32,
    pub green: Color32,
    pub green_bg: Color32,
    pub red: Color32,
    pub red_bg: Color32,
    pub amber: Color32,
    pub amber_bg: Color32,
    /// How far the colours of events after the playhead go towards the ground, from 0 to 1.
    future: f32,
    /// How opaque a disabled control is.
    disabled: f32,
    /// Event types that no aggregate gave a colour, told apart by their names.
    pub types: [Color32; 8],
}

/// Below this width of the stream list a label says only what it must.
pub const NARROW_LIST: f32 = 260.0;

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

const DARK: Palette = Palette {
    bg: rgb(0x15_171c),
    panel: rgb(0x1b_1e24),
    raise: rgb(0x23_272f),
    line: rgb(0x2c_313a),
    text: rgb(0xe4_e7ec),
    dim: rgb(0x98_a1b0),
    faint: rgb(0x86_8f9e),
    accent: rgb(0x6e_a8fe),
    accent_bg: rgb(0x20_324d),
    on_accent: rgb(0x0b_1420),
    green: rgb(0x5f_d38d),
    green_bg: rgb(0x17_3323),
    red: rgb(0xff_7b72),
    red_bg: rgb(0x3b_1d1d),
    amber: rgb(0xf2_b84b),
    amber_bg: rgb(0x3a_2c10),
    future: 0.3,
    disabled: 0.65,
    types: [
        rgb(0x6e_a8fe),
        rgb(0x5f_d38d),
        rgb(0xf2_b84b),
        rgb(0xc7_92ea),
        rgb(0x4f_d1c5),
        rgb(0xf7_8fb3),
        rgb(0xa3_be5c),
        rgb(0xff_9e64),
    ],
};

const LIGHT: Palette = Palette {
    bg: rgb(0xf6_f7f9),
    panel: rgb(0xff_ffff),
    raise: rgb(0xee_f0f4),
    line: rgb(0xdf_e3e9),
    text: rgb(0x1d_2430),
    dim: rgb(0x5b_6676),
    faint: rgb(0x62_6c7c),
    accent: rgb(0x1a_5fd1),
    accent_bg: rgb(0xdb_e9ff),
    on_accent: rgb(0xff_ffff),
    green: rgb(0x17_7540),
    green_bg: rgb(0xdc_f5e6),
    red: rgb(0xbd_2e25),
    red_bg: rgb(0xfd_e3e1),
    amber: rgb(0x8c_5900),
    amber_bg: rgb(0xfd_f0d2),
    future: 0.2,
    disabled: 0.75,
    types: [
        rgb(0x1a_5fd1),
        rgb(0x17_7540),
        rgb(0x8c_5900),
        rgb(0x7b_3fb5),
        rgb(0x0b_7285),
        rgb(0xb0_2a66),
        rgb(0x56_7a10),
        rgb(0xb3_4d00),
    ],
};

/// The window's icon, in every theme: the ground tells which kind of database it is.
pub struct IconColors {
    pub sandbox: Color32,
    pub server: Color32,
    pub production: Color32,
    pub sign: Color32,
}

pub const ICON: IconColors = IconColors {
    sandbox: rgb(0x2f_6f_d6),
    server: rgb(0xe0_9a_1f),
    production: rgb(0xd6_35_2b),
    sign: rgb(0xff_ffff),
};

pub const PALETTES: [Palette; 2] = [DARK, LIGHT];

/// Lowest contrast of text, and of text that is disabled or lies in the future.
pub const TEXT_CONTRAST: f32 = 4.5;
pub const QUIET_CONTRAST: f32 = 3.0;

/// A colour that text is drawn in, its name, and the grounds it is drawn on.
pub type TextColor = (&'static str, Color32, Vec<Color32>);

impl Palette {
    /// A colour of an event after the playhead, on the table's ground.
    pub fn future(&self, color: Color32) -> Color32 {
        color.lerp_to_gamma(self.bg, self.future)
    }

    /// A colour of a disabled control on a panel, as egui fades it.
    pub fn disabled(&self, color: Color32) -> Color32 {
        self.panel.lerp_to_gamma(color, self.disabled)
    }

    /// Every colour of text on every ground that it is drawn on.
    pub fn text_colors(&self) -> Vec<TextColor> {
        let plain = [self.bg, self.panel, self.raise];
        let tinted = [self.accent_bg, self.green_bg, self.red_bg, self.amber_bg];
        let on = |grounds: &[Color32]| plain.iter().chain(grounds).copied().collect();
        let mut all: Vec<TextColor> = vec![
            ("text", self.text, on(&[&tinted[..], &[self.line]].concat())),
            ("dim", self.dim, on(&[&tinted[..], &[self.line]].concat())),
            ("faint", self.faint, on(&[])),
            ("accent", self.accent, on(&[self.accent_bg, self.amber_bg, self.line])),
            ("green", self.green, on(&tinted)),
            ("red", self.red, on(&tinted)),
            ("amber", self.amber, on(&tinted)),
            ("on accent", self.on_accent, vec![self.accent]),
            ("number", self.number(), on(&[])),
        ];
        all.extend(self.types.iter().map(|color| ("type", *color, vec![self.bg, self.panel])));
        all
    }

    /// The colour of a word of this tone, and of the ground that it stands on.
    pub fn tone(&self, tone: Tone) -> (Color32, Color32) {
        match tone {
            Tone::Neutral => (self.dim, self.raise),
            Tone::Begun => (self.accent, self.accent_bg),
            Tone::Good => (self.green, self.green_bg),
            Tone::Warning => (self.amber, self.amber_bg),
            Tone::Bad => (self.red, self.red_bg),
        }
    }

    /// A JSON number.
    pub fn number(&self) -> Color32 {
        self.types[3]
    }
}

/// The colours of the theme that this `Ui` is drawn in.
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// The colour that a person gave a connection.
pub fn connection_color(p: &Palette, color: ConnectionColor) -> Color32 {
    match color {
        ConnectionColor::Grey => p.faint,
        ConnectionColor::Blue => p.accent,
        ConnectionColor::Green => p.green,
        ConnectionColor::Amber => p.amber,
        ConnectionColor::Red => p.red,
        ConnectionColor::Violet => p.types[3],
    }
}

pub const BODY: f32 = 13.0;
pub const SMALL: f32 = 12.0;
pub const TITLE: f32 = 17.0;
/// Width of the ring around what has the focus, and radius of a control's corners.
pub const FOCUS: f32 = 2.0;
pub const ROUND: u8 = 6;
/// Points around what has the focus that are brought into view with it.
pub const AROUND_FOCUS: f32 = 8.0;

/// Bold text of the interface.
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("strong".into()))
}

/// Data: ids, numbers, JSON, times.
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Fonts and both themes; once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    ctx.style_mut_of(egui::Theme::Dark, |style| shape(style, &DARK));
    ctx.style_mut_of(egui::Theme::Light, |style| shape(style, &LIGHT));
}

/// Follows the person's choice, or the system.
pub fn follow(ctx: &Context, theme: Theme) {
    ctx.set_theme(match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Dark => egui::ThemePreference::Dark,
        Theme::Light => egui::ThemePreference::Light,
    });
}

/// Points between the key that was pressed and the time panel, in a presentation.
pub const PRESSED_ABOVE: f32 = 12.0;
/// How much larger a presentation is.
pub const PRESENTED: f32 = 1.4;

/// Transitions, scrolling that takes time, and a cursor that blinks; or none of them.
pub fn set_motion(ctx: &Context, moves: bool) {
    ctx.all_styles_mut(|style| {
        let plain = Style::default();
        style.animation_time = if moves { plain.animation_time } else { 0.0 };
        style.scroll_animation = if moves { plain.scroll_animation } else { ScrollAnimation::none() };
        style.visuals.text_cursor.blink = moves;
    });
}

/// Signs newer than egui's own, and all that are joined to others: 👩‍💻, flags, shades of skin.
const EMOJI: &str = "emoji";

/// Nothing here depends on the system; what these fonts lack, such as the scripts of Asia, comes from its fonts.
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let bytes = include_bytes!("../../assets/fonts/NotoEmoji-Subset.ttf");
    fonts.font_data.insert(EMOJI.to_owned(), Arc::new(FontData::from_static(bytes)));
    for family in fonts.families.values_mut() {
        family.insert(0, EMOJI.to_owned());
    }
    let mut add = |name: &str, family: FontFamily, bytes: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let fallbacks = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
        let list = fonts.families.entry(family).or_insert(fallbacks);
        list.insert(0, name.to_owned());
    };
    add("strong", FontFamily::Name("strong".into()), include_bytes!("../../assets/fonts/Inter-SemiBold.otf"));
    add("mono", FontFamily::Monospace, include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"));
    add("inter", FontFamily::Proportional, include_bytes!("../../assets/fonts/Inter-Regular.otf"));
    for (family, names) in &mut fonts.families {
        if *family != FontFamily::Monospace {
            names.push("mono".to_owned());
        }
    }
    fonts
}

fn shape(style: &mut Style, p: &Palette) {
    style.text_styles = [
        (TextStyle::Heading, strong(TITLE)),
        (TextStyle::Body, FontId::proportional(BODY)),
        (TextStyle::Button, FontId::proportional(BODY)),
        (TextStyle::Small, FontId::proportional(SMALL)),
        (TextStyle::Monospace, mono(SMALL)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(8.0, 6.0);
    style.spacing.button_padding = egui::vec2(10.0, 5.0);
    style.spacing.interact_size.y = 26.0;
    style.spacing.icon_spacing = 6.0;
    let v = &mut style.visuals;
    v.disabled_alpha = p.disabled;
    v.panel_fill = p.panel;
    v.window_fill = p.panel;
    v.window_stroke = Stroke::new(1.0, p.line);
    v.extreme_bg_color = p.bg;
    v.faint_bg_color = p.raise;
    v.weak_text_color = Some(p.dim);
    v.hyperlink_color = p.accent;
    v.selection.bg_fill = p.accent_bg;
    v.selection.stroke = Stroke::new(1.0, p.accent);
    v.warn_fg_color = p.amber;
    v.error_fg_color = p.red;
    let round = CornerRadius::same(ROUND);
    let w = &mut v.widgets;
    for (state, fill, border, text) in [
        (&mut w.noninteractive, p.panel, p.line, p.text),
        (&mut w.inactive, p.raise, p.raise, p.text),
        (&mut w.hovered, p.line, p.line, p.text),
        (&mut w.active, p.accent_bg, p.accent, p.text),
        (&mut w.open, p.raise, p.line, p.text),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, border);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = round;
        state.expansion = 0.0;
    }
}
