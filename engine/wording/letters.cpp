// From any character to plain letters, in three steps, the cheap ones first: a table for Latin letters, a table for the
// look-alikes that matter most (Unicode's own list maps some of them to small capitals instead of letters), and ICU for
// the rest: compatibility decomposition, then Unicode's confusables.
#include "wording/letters.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace caveat {
namespace {

// U+00C0 to U+017F, one letter each; a space stands for a sign that is no letter.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

struct LookAlike {
  char32_t from;
  char to;
};

// Sorted by character. Small Cyrillic, Greek, Armenian and phonetic letters, and capitals whose small form differs.
constexpr LookAlike kLookAlikes[] = {
    {U'Ɓ', 'b'}, {U'Ƈ', 'c'}, {U'Ǝ', 'e'}, {U'Ɛ', 'e'}, {U'ƒ', 'f'}, {U'Ɠ', 'g'}, {U'Ɩ', 'i'}, {U'Ɨ', 'i'}, {U'Ɲ', 'n'},
    {U'Ɵ', 'o'}, {U'Ƥ', 'p'}, {U'Ƨ', 's'}, {U'ƨ', 's'}, {U'Ʋ', 'u'}, {U'Ƴ', 'y'}, {U'ǝ', 'e'}, {U'ɐ', 'a'}, {U'ɑ', 'a'},
    {U'ɓ', 'b'}, {U'ɔ', 'c'}, {U'ɕ', 'c'}, {U'ɖ', 'd'}, {U'ɗ', 'd'}, {U'ə', 'e'}, {U'ɛ', 'e'}, {U'ɜ', 'e'}, {U'ɡ', 'g'},
    {U'ɢ', 'g'}, {U'ɣ', 'y'}, {U'ɦ', 'h'}, {U'ɨ', 'i'}, {U'ɩ', 'i'}, {U'ɪ', 'i'}, {U'ɫ', 'l'}, {U'ɬ', 'l'}, {U'ɱ', 'm'},
    {U'ɲ', 'n'}, {U'ɳ', 'n'}, {U'ɴ', 'n'}, {U'ɵ', 'o'}, {U'ɹ', 'r'}, {U'ɾ', 'r'}, {U'ʀ', 'r'}, {U'ʂ', 's'}, {U'ʇ', 't'},
    {U'ʈ', 't'}, {U'ʉ', 'u'}, {U'ʋ', 'v'}, {U'ʏ', 'y'}, {U'ʐ', 'z'}, {U'ʙ', 'b'}, {U'ʜ', 'h'}, {U'ʟ', 'l'}, {U'Α', 'a'},
    {U'Β', 'b'}, {U'Ε', 'e'}, {U'Ζ', 'z'}, {U'Η', 'h'}, {U'Ι', 'i'}, {U'Κ', 'k'}, {U'Μ', 'm'}, {U'Ν', 'n'}, {U'Ο', 'o'},
    {U'Ρ', 'p'}, {U'Τ', 't'}, {U'Υ', 'y'}, {U'Χ', 'x'}, {U'ά', 'a'}, {U'έ', 'e'}, {U'ή', 'n'}, {U'ί', 'i'}, {U'α', 'a'},
    {U'β', 'b'}, {U'γ', 'y'}, {U'δ', 'd'}, {U'ε', 'e'}, {U'η', 'n'}, {U'ι', 'i'}, {U'κ', 'k'}, {U'μ', 'u'}, {U'ν', 'v'},
    {U'ο', 'o'}, {U'π', 'n'}, {U'ρ', 'p'}, {U'ς', 's'}, {U'σ', 'o'}, {U'τ', 't'}, {U'υ', 'u'}, {U'χ', 'x'}, {U'ω', 'w'},
    {U'ό', 'o'}, {U'ύ', 'u'}, {U'ϲ', 'c'}, {U'ϳ', 'j'}, {U'Ѕ', 's'}, {U'І', 'i'}, {U'Ј', 'j'}, {U'А', 'a'}, {U'В', 'b'},
    {U'Е', 'e'}, {U'З', 'e'}, {U'И', 'n'}, {U'К', 'k'}, {U'М', 'm'}, {U'Н', 'h'}, {U'О', 'o'}, {U'Р', 'p'}, {U'С', 'c'},
    {U'Т', 't'}, {U'У', 'y'}, {U'Х', 'x'}, {U'Я', 'r'}, {U'а', 'a'}, {U'в', 'b'}, {U'г', 'r'}, {U'е', 'e'}, {U'з', 'e'},
    {U'и', 'n'}, {U'й', 'n'}, {U'к', 'k'}, {U'м', 'm'}, {U'н', 'h'}, {U'о', 'o'}, {U'п', 'n'}, {U'р', 'p'}, {U'с', 'c'},
    {U'т', 't'}, {U'у', 'y'}, {U'х', 'x'}, {U'ь', 'b'}, {U'я', 'r'}, {U'ѐ', 'e'}, {U'ё', 'e'}, {U'ѕ', 's'}, {U'і', 'i'},
    {U'ї', 'i'}, {U'ј', 'j'}, {U'һ', 'h'}, {U'ҽ', 'e'}, {U'ӏ', 'l'}, {U'ԁ', 'd'}, {U'ԛ', 'q'}, {U'ԝ', 'w'}, {U'Ս', 'u'},
    {U'Տ', 's'}, {U'Օ', 'o'}, {U'ա', 'w'}, {U'գ', 'q'}, {U'զ', 'q'}, {U'հ', 'h'}, {U'յ', 'j'}, {U'ո', 'n'}, {U'ս', 'u'},
    {U'ց', 'g'}, {U'օ', 'o'}, {U'ᴀ', 'a'}, {U'ᴄ', 'c'}, {U'ᴅ', 'd'}, {U'ᴇ', 'e'}, {U'ᴊ', 'j'}, {U'ᴋ', 'k'}, {U'ᴍ', 'm'},
    {U'ᴏ', 'o'}, {U'ᴘ', 'p'}, {U'ᴛ', 't'}, {U'ᴜ', 'u'}, {U'ᴠ', 'v'}, {U'ᴡ', 'w'}, {U'ᴢ', 'z'}, {U'ꜰ', 'f'}, {U'ꜱ', 's'},
    {U'ꮃ', 'w'},
};
static_assert(std::is_sorted(std::begin(kLookAlikes), std::end(kLookAlikes),
                             [](const LookAlike& a, const LookAlike& b) { return a.from < b.from; }));

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

Folded letters(char letter) { return {Glyph::kLetters, {letter}}; }
Folded mark(char symbol) { return {Glyph::kSymbol, {symbol}}; }

Folded fold_ascii(char c) {
  if (is_lower(c) || is_digit(c)) return letters(c);
  if (is_upper(c)) return letters(static_cast<char>(c - 'A' + 'a'));
  if (c <= ' ' || c == 0x7F) return {Glyph::kSpace, {}};
  return mark(c);
}

char look_alike(char32_t c) {
  const auto* found = std::lower_bound(std::begin(kLookAlikes), std::end(kLookAlikes), c,
                                       [](const LookAlike& a, char32_t b) { return a.from < b; });
  return found != std::end(kLookAlikes) && found->from == c ? found->to : '\0';
}

// Letters in boxes, circles and flags, which Unicode gives no decomposition.
char boxed_letter(char32_t c) {
  for (const char32_t first : {U'\U0001F130', U'\U0001F150', U'\U0001F170', U'\U0001F1E6'}) {
    if (c >= first && c < first + 26) return static_cast<char>('a' + (c - first));
  }
  return '\0';
}

// The plain mark that a typographic one stands for; NUL when there is none.
char plain_mark(char32_t c) {
  switch (c) {
    case U'‘':
    case U'’':
    case U'‚':
    case U'‛':
    case U'ʼ':
    case U'ʹ':
    case U'´':
    case U'′':
    case U'＇':
    case U'ˈ': return '\'';
    case U'“':
    case U'”':
    case U'„':
    case U'‟':
    case U'«':
    case U'»':
    case U'″': return '"';
    case U'‐':
    case U'‑':
    case U'‒':
    case U'–':
    case U'−':
    case U'﹣':
    case U'－':
    case U'⁃': return '-';
    case U'—':
    case U'―':
    case U'⸺': return '|';
    case U'£':
    case U'€':
    case U'₺':
    case U'¥':
    case U'¢':
    case U'₤': return '$';
    case U'。':
    case U'．':
    case U'․': return '.';
    case U'…': return '|';
    case U'、':
    case U'，': return ',';
    case U'٪':
    case U'％':
    case U'﹪': return '%';
    default: return '\0';
  }
}

bool invisible(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return true;
  const auto category = U_GET_GC_MASK(point);
  return (category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0;
}

int encode(char32_t c, UChar (&out)[2]) {
  if (c < 0x10000) {
    out[0] = static_cast<UChar>(c);
    return 1;
  }
  out[0] = U16_LEAD(c);
  out[1] = U16_TRAIL(c);
  return 2;
}

char32_t next_point(const UChar* text, int length, int& i) {
  const char32_t first = text[i++];
  const bool pair = U16_IS_LEAD(first) && i < length && U16_IS_TRAIL(text[i]);
  return pair ? 0x10000 + ((first - 0xD800) << 10) + (char32_t{text[i++]} - 0xDC00) : first;
}

// Appends what is plain in a UTF-16 text: ASCII folds, marks vanish, the rest by the tables. False when nothing was.
bool append_plain(const UChar* text, int length, Folded& out) {
  std::size_t used = std::string_view(out.text).size();
  const std::size_t before = used;
  for (int i = 0; i < length && used + 1 < sizeof(out.text);) {
    const char32_t point = next_point(text, length, i);
    char plain = '\0';
    if (point < 0x80) {
      plain = fold_ascii(static_cast<char>(point)).text[0];
    } else if (point >= 0xC0 && point < 0x180) {
      plain = kLatin[point - 0xC0];
    } else {
      plain = look_alike(point);
    }
    if (is_lower(plain) || is_digit(plain)) out.text[used++] = plain;
  }
  out.text[used] = '\0';
  return used > before;
}

bool decompose(char32_t c, Folded& out) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFKDInstance(&error);
  UChar buffer[32];
  const int length = unorm2_getDecomposition(normalizer, static_cast<UChar32>(c), buffer, 32, &error);
  return U_SUCCESS(error) && length > 0 && append_plain(buffer, length, out);
}

bool confusable(char32_t c, Folded& out) {
  static const USpoofChecker* const checker = [] {  // opened once, then only read: safe from any thread
    UErrorCode error = U_ZERO_ERROR;
    return uspoof_open(&error);
  }();
  if (checker == nullptr) return false;
  UChar source[2];
  UChar buffer[32];
  UErrorCode error = U_ZERO_ERROR;
  const int length = uspoof_getSkeleton(checker, 0, source, encode(c, source), buffer, 32, &error);
  return U_SUCCESS(error) && length <= 32 && append_plain(buffer, length, out);
}

Folded fold_by_icu(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  if (invisible(c)) return {Glyph::kNothing, {}};
  if (u_isUWhiteSpace(point) || u_iscntrl(point) || c == U'\u2800') return {Glyph::kSpace, {}};
  Folded folded{Glyph::kLetters, {}};
  if (decompose(c, folded)) return folded;
  if (!u_isalpha(point)) return {Glyph::kSymbol, {}};
  if (confusable(c, folded) || confusable(static_cast<char32_t>(u_tolower(point)), folded)) return folded;
  return {Glyph::kForeign, {}};
}

}  // namespace

Folded fold_character(char32_t c) {
  if (c < 0x80) return fold_ascii(static_cast<char>(c));
  if (c >= 0xC0 && c < 0x180) return kLatin[c - 0xC0] == ' ' ? mark('\0') : letters(kLatin[c - 0xC0]);
  if (const char plain = plain_mark(c)) return mark(plain);
  if (const char plain = look_alike(c)) return letters(plain);
  if (const char plain = boxed_letter(c)) return letters(plain);
  return fold_by_icu(c);
}

bool overrides_direction(char32_t c) { return c == U'\u202D' || c == U'\u202E'; }

}  // namespace caveat
