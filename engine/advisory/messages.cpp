#include "advisory/messages.hpp"

#include <cstddef>

namespace caveat {

namespace {

struct Entry {
  Message which;
  std::string_view en, tr;
};

constexpr std::array<std::string_view, 2> kLanguages = {"en", "tr"};

// clang-format off
constexpr std::array<Entry, static_cast<std::size_t>(Message::kCount)> kMessages = {{
  {Message::kSummaryRefer,
   "Evaluation by a professional is essential before anything else: {1} of {0} contraindication checks apply.",
   "Her şeyden önce bir uzmanın değerlendirmesi şarttır: {0} kontrendikasyon denetiminden {1} tanesi geçerlidir."},
  {Message::kSummaryIncomplete,
   "Not all checks could be completed ({1} of {0} failed): nothing may be concluded from this evaluation.",
   "Denetimlerin tümü tamamlanamadı ({0} denetimden {1} tanesi yapılamadı): bu değerlendirmeden hiçbir sonuç çıkarılamaz."},
  {Message::kSummaryNoChecks,
   "No contraindication check was carried out: nothing may be concluded from this evaluation.",
   "Hiçbir kontrendikasyon denetimi yapılmadı: bu değerlendirmeden hiçbir sonuç çıkarılamaz."},
  {Message::kSummaryInsufficient,
   "Answers are needed first: {1} of {0} contraindication checks cannot be determined yet. A missing answer is not read as no.",
   "Önce yanıtlar gereklidir: {0} kontrendikasyon denetiminden {1} tanesi henüz belirlenemiyor. Eksik yanıt hayır sayılmaz."},
  {Message::kSummaryNoneFound,
   "Among the {0} contraindications checked, none was found. Whether the approach is suitable is still for a professional to decide.",
   "Denetlenen {0} kontrendikasyon arasında bulunan olmadı. Uygunluğa yine de bir uzman karar verir."},
  {Message::kSummaryNotComplete,
   "This evaluation is not complete: some checks could not be carried out.",
   "Bu değerlendirme tam değildir: bazı denetimler yapılamadı."},
  {Message::kSummaryDisabled,
   "Rules disabled at this site: {0}.",
   "Bu kurumda kapatılan kurallar: {0}."},
  {Message::kSummaryError,
   "The profile could not be evaluated: nothing may be concluded.",
   "Profil değerlendirilemedi: hiçbir sonuç çıkarılamaz."},
  {Message::kWithheld,
   "Shown only when all contraindications were checked and none was found.",
   "Yalnızca tüm kontrendikasyonlar denetlendiğinde ve hiçbiri bulunmadığında gösterilir."},
  {Message::kHostUndetermined,
   "It is not yet known whether this applies, because answers are missing. A missing answer is not read as no.",
   "Yanıtlar eksik olduğu için bunun geçerli olup olmadığı henüz bilinmiyor. Eksik yanıt hayır sayılmaz."},
  {Message::kHostFailed,
   "This check could not be carried out. It must not be read as absent.",
   "Bu denetim yapılamadı. Yok sayılmamalıdır."},
  {Message::kDispositionRefer, "REFER TO A PROFESSIONAL", "UZMANA YÖNLENDİRİN"},
  {Message::kDispositionIncomplete, "INCOMPLETE: NOTHING MAY BE CONCLUDED", "EKSİK: SONUÇ ÇIKARILAMAZ"},
  {Message::kDispositionInsufficient, "MORE ANSWERS ARE NEEDED", "DAHA FAZLA YANIT GEREKLİ"},
  {Message::kDispositionNoneFound, "NO CONTRAINDICATION FOUND AMONG THOSE CHECKED", "DENETLENENLER ARASINDA KONTRENDİKASYON BULUNMADI"},
  {Message::kNotComplete, "not complete", "tam değil"},
  {Message::kStatusMet, "applies", "geçerli"},
  {Message::kStatusNotMet, "does not apply", "geçerli değil"},
  {Message::kStatusUndetermined, "not determined", "belirlenemedi"},
  {Message::kStatusFailed, "could not be checked", "denetlenemedi"},
  {Message::kSeverityCritical, "critical", "kritik"},
  {Message::kSeverityWarning, "warning", "uyarı"},
  {Message::kSeverityInfo, "info", "bilgi"},
  {Message::kHeadingBars, "Contraindications", "Kontrendikasyonlar"},
  {Message::kHeadingSuggests, "Approaches", "Yaklaşımlar"},
  {Message::kHeadingInforms, "Information", "Bilgi"},
  {Message::kHeadingQuestions, "Questions, the most important first", "Sorular, en önemlisi başta"},
  {Message::kHeadingWithheld, "Withheld", "Gösterilmeyenler"},
  {Message::kHeadingOutcomes, "What was checked", "Denetlenenler"},
  {Message::kHeadingDisabled, "Disabled at this site", "Bu kurumda kapatılanlar"},
  {Message::kHeadingDiagnostics, "Remarks", "Notlar"},
  {Message::kBecause, "Because", "Dayanak"},
  {Message::kMissing, "Missing", "Eksik"},
  {Message::kWouldChange, "Would change", "Değiştirecek olan"},
  {Message::kWouldChangePartial, "other values too", "başka değerler de"},
  {Message::kOnConflict, "Sources disagree; by one of them this applies.", "Kaynaklar çelişiyor; birine göre bu geçerlidir."},
  {Message::kInDoubt, "Hangs on answers that are out of date or on which sources disagree.", "Güncel olmayan veya kaynakların çeliştiği yanıtlara bağlıdır."},
  {Message::kOnLastKnown, "By the last known answer", "Bilinen son yanıta göre"},
  {Message::kExplanation, "Reasoning", "Gerekçe"},
  {Message::kSource, "Source", "Kaynak"},
  {Message::kDeferTo, "For", "İlgili uzman"},
  {Message::kEvaluatedAt, "Evaluated at", "Değerlendirme zamanı"},
  {Message::kPack, "Rule pack", "Kural paketi"},
  {Message::kRecorded, "recorded", "kayıt"},
  {Message::kUndated, "undated", "tarihsiz"},
  {Message::kNotAsked, "not asked", "sorulmadı"},
  {Message::kNotKnown, "asked, not known", "soruldu, bilinmiyor"},
  {Message::kDeclined, "asked, not answered", "soruldu, yanıtlanmadı"},
  {Message::kStale, "out of date", "güncel değil"},
  {Message::kConflicting, "sources disagree", "kaynaklar çelişiyor"},
  {Message::kInvalid, "present, not usable", "var, kullanılamıyor"},
  {Message::kCheckFailed, "could not be derived", "türetilemedi"},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kMessages.size(); ++i) {
    if (static_cast<std::size_t>(kMessages[i].which) != i) return false;
  }
  return true;
}
static_assert(in_order(), "messages stand in the order of the enumeration");

}  // namespace

std::string_view message(Message which, std::string_view language) {
  const Entry& entry = kMessages[static_cast<std::size_t>(which)];
  return language == "tr" ? entry.tr : entry.en;
}

std::span<const std::string_view> message_languages() { return kLanguages; }

}  // namespace caveat
