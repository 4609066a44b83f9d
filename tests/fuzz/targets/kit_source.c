/* Any file as the C of a submission, in which the course's two functions are looked for. */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/function_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct function_source source;
    char why[FUNCTION_SOURCE_WHY_ROOM];
    struct memory_file file = memory_file_open(data, size);
    require(function_source_read(file.path, &source, why), "a source can be read");
    memory_file_close(&file);
    require(source.client_parameters == -1 || source.client_parameters >= 1,
            "a definition has a list of parameters");
    require(source.server_parameters == -1 || source.server_parameters >= 1,
            "a definition has a list of parameters");
    return 0;
}
