// Validates FHIR R4 resources with HAPI's validator: types, cardinalities, required codes, invariants. One file an
// argument, one resource a file. Exits with 1 when one is not valid. Nothing is asked of a network.
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

public class Validate {
  public static void main(String[] files) throws Exception {
    FhirContext context = FhirContext.forR4();
    FhirValidator validator = context.newValidator();
    validator.registerValidatorModule(new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context), new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context))));
    int invalid = 0;
    for (String file : files) {
      boolean valid = true;
      for (SingleValidationMessage message :
          validator.validateWithResult(Files.readString(Path.of(file))).getMessages()) {
        boolean error = message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0;
        valid = valid && !error;
        if (error || System.getenv("CAVEAT_FHIR_WARNINGS") != null) {
          System.out.println(file + ": " + message.getSeverity().getCode() + ": " + message.getLocationString() + ": "
              + message.getMessage());
        }
      }
      if (!valid) ++invalid;
    }
    System.out.println(files.length + " resources, " + invalid + " invalid");
    System.exit(files.length == 0 || invalid > 0 ? 1 : 0);
  }
}
