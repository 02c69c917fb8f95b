/* Parses every file given, round and round for so many seconds; prints documents, bytes and seconds. */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    double limit = atof(argv[1]), bytes = 0;
    int files = argc - 2;
    char **text = malloc(files * sizeof *text);
    int *length = malloc(files * sizeof *length);
    for (int i = 0; i < files; i++) {
        FILE *file = fopen(argv[i + 2], "rb");
        if (!file) return 2;
        fseek(file, 0, SEEK_END);
        length[i] = (int)ftell(file);
        rewind(file);
        text[i] = malloc(length[i]);
        if (fread(text[i], 1, length[i], file) != (size_t)length[i]) return 2;
        fclose(file);
    }
    xmlInitParser();
    long documents = 0;
    double start = now();
    while (now() - start < limit)
        for (int i = 0; i < files; i++) {
            xmlDocPtr tree = xmlReadMemory(text[i], length[i], 0, 0, XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
            if (tree) xmlFreeDoc(tree);
            documents++;
            bytes += length[i];
        }
    printf("%ld %.0f %.6f\n", documents, bytes, now() - start);
    return 0;
}
