/* A stand-in for NVIDIA's management library: three GPUs, the last of which is lost. What it was asked
   to do is written to the file named by FAKE_LOG, a macro. */
#include <stdio.h>
#include <string.h>

static int gpus[3];
static int ready = 0;

static void note(const char *what) {
  FILE *file = fopen(FAKE_LOG, "a");
  if (file != NULL) {
    fprintf(file, "%s\n", what);
    fclose(file);
  }
}

int nvmlInit_v2(void) {
  note("init");
  ready = FAKE_INIT == 0;
  return FAKE_INIT;
}

int nvmlShutdown(void) {
  note("shutdown");
  ready = 0;
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned int *count) {
  *count = 3;
  return ready ? 0 : 1;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  if (!ready || index > 2) return 2;
  *device = &gpus[index];
  return 0;
}

int nvmlDeviceGetName(void *device, char *name, unsigned int length) {
  snprintf(name, length, "Fake %d", (int)((int *)device - gpus));
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned int *rates) {
  if (device == &gpus[2]) return 15;
  rates[0] = device == &gpus[0] ? 40 : 20;
  rates[1] = 99;
  return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
  if (device == &gpus[2]) return 15;
  memory[0] = 80ULL << 30;
  memory[1] = 60ULL << 30;
  memory[2] = 20ULL << 30;
  return 0;
}
