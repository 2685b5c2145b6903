SELECT
  "t10"."account_id",
  "t10"."leaf_0" AS "m0",
  (
    "t10"."leaf_0" - "t10"."leaf_1"
  ) / NULLIF("t10"."leaf_1", 0.0) AS "m1"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t9"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0",
    CASE
      WHEN DATE '2026-03-03' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t9"."leaf_1" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_1"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t7"."account_id" AS "account_0",
      "t7"."leaf_0",
      "t7"."leaf_1"
    FROM (
      SELECT
        "t6"."account_id",
        SUM("t6"."events") FILTER(WHERE
          "t6"."day" >= DATE '2026-03-04') AS "leaf_0",
        SUM("t6"."events") FILTER(WHERE
          "t6"."day" <= DATE '2026-03-03') AS "leaf_1"
      FROM (
        SELECT
          "t5"."account_id",
          "t5"."day",
          "t5"."events",
          "t5"."users",
          "t5"."features"
        FROM (
          SELECT
            *
          FROM "account_days" AS "t1"
          WHERE
            "t1"."day" <= DATE '2026-03-31' AND "t1"."day" >= DATE '2026-02-04'
        ) AS "t5"
        SEMI JOIN "requested" AS "t3"
          ON "t5"."account_id" = "t3"."account_id"
      ) AS "t6"
      GROUP BY
        1
    ) AS "t7"
  ) AS "t9"
    ON "t2"."account_id" = "t9"."account_0"
) AS "t10"
ORDER BY
  "t10"."position" ASC;

SELECT
  "t2"."account_id",
  CAST("t2"."leaf_0" AS DOUBLE) AS "leaf_0",
  CAST("t2"."leaf_1" AS DOUBLE) AS "leaf_1"
FROM (
  SELECT
    "t1"."account_id",
    SUM("t1"."events") FILTER(WHERE
      "t1"."day" >= DATE '2026-03-04') AS "leaf_0",
    SUM("t1"."events") FILTER(WHERE
      "t1"."day" <= DATE '2026-03-03') AS "leaf_1"
  FROM (
    SELECT
      *
    FROM "account_days" AS "t0"
    WHERE
      "t0"."day" <= DATE '2026-03-31' AND "t0"."day" >= DATE '2026-02-04'
  ) AS "t1"
  GROUP BY
    1
) AS "t2";
