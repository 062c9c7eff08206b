// SPDX-License-Identifier: Apache-2.0

#include "runts.h"

#include <sha2.h>
#include <string.h>

void runts_digest(const char *text, size_t length, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum[SHA256_DIGEST_LENGTH];
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)text, length);
    SHA256Final(sum, &context);
    for (size_t i = 0; i < sizeof sum; i++) {
        out[2 * i] = digits[sum[i] >> 4];
        out[2 * i + 1] = digits[sum[i] & 15];
    }
    out[64] = '\0';
}

uint32_t runts_checksum(const uint8_t *data, size_t length)
{
    uint32_t sum = 1, word;
    for (size_t at = 0; at + sizeof word <= length; at += sizeof word) {
        memcpy(&word, data + at, sizeof word);
        sum = sum * 31 + word;
    }
    return sum;
}
