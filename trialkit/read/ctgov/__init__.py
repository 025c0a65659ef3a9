"""ClinicalTrials.gov records: JSON, CSV and legacy XML."""
